import { assertEquals, assertStringIncludes } from "@std/assert";
import { FaultProxy } from "../support/ovs/fault_proxy.ts";
import { later } from "../support/ovs/faults.ts";
import { Host, ours } from "../support/cni/host.ts";

type Variables = Record<string, string | undefined>;

/** Commands for one container, and the variables that each needs. */
const NEEDS: Record<string, string[]> = {
  ADD: ["CNI_CONTAINERID", "CNI_NETNS", "CNI_IFNAME"],
  CHECK: ["CNI_CONTAINERID", "CNI_NETNS", "CNI_IFNAME"],
  DEL: ["CNI_CONTAINERID", "CNI_IFNAME"],
};

Deno.test("missing variables are all named", async (t) => {
  await using host = await Host.start();
  const producer = (await host.addPod()).producer();
  for (const [command, needed] of Object.entries(NEEDS)) {
    for (const missing of [...needed.map((name) => [name]), needed]) {
      for (const value of [undefined, ""]) {
        await t.step(`${command} with ${missing} ${value ?? "absent"}`, async () => {
          const env = Object.fromEntries(missing.map((name) => [name, value]));
          await producer.with({ env }).fails(command, 4, command, ...missing);
        });
      }
    }
  }
});

Deno.test("DEL works with neither CNI_NETNS nor the variables that ADD does without", async () => {
  await using host = await Host.start();
  const producer = (await host.addPod()).producer();
  await producer.with({ env: { CNI_PATH: undefined } }).add();
  await producer.with({ env: { CNI_PATH: undefined, CNI_NETNS: undefined } }).del();
  assertEquals([await host.db.mirrors(), host.entries()], [[], []]);
});

Deno.test("CNI_ARGS may be empty or hold a key twice", async () => {
  await using host = await Host.start();
  const producer = (await host.addPod()).producer();
  for (const CNI_ARGS of ["", ";;", "IgnoreUnknown=1;K8S_POD_NAME=a;K8S_POD_NAME=b", "=;=x"]) {
    await producer.with({ env: { CNI_ARGS } }).add();
  }
});

Deno.test("ids that would lead to other files are refused", async (t) => {
  await using host = await Host.start();
  const producer = (await host.addPod()).producer();
  const containerIds = [
    "..",
    "../../etc/x",
    "a/b",
    "/etc/x",
    "-x",
    ".x",
    "a b",
    "a\nb",
    "é",
    "x;y",
  ];
  const ifnames = [
    ".",
    "..",
    "a/b",
    "../x",
    "a:b",
    "a b",
    "a\tb",
    "a\u0085b",
    "x".repeat(16),
    "🙂🙂🙂🙂",
  ];
  const wrong: Variables[] = [
    ...[...containerIds, "x".repeat(201)].map((CNI_CONTAINERID) => ({ CNI_CONTAINERID })),
    ...ifnames.map((CNI_IFNAME) => ({ CNI_IFNAME })),
    { CNI_NETNS: "/run/\nnetns" },
    { CNI_NETNS: `/${"x".repeat(4096)}` },
  ];
  for (const env of wrong) {
    const [[name, value]] = Object.entries(env) as [[string, string]];
    await t.step(`${name} ${JSON.stringify(value.slice(0, 20))}`, async () => {
      for (const command of ["ADD", "DEL"]) await producer.with({ env }).fails(command, 4, name);
    });
  }
});

Deno.test("the longest ids that are allowed make a file name that fits", async () => {
  await using host = await Host.start();
  const env = { CNI_CONTAINERID: "x".repeat(200), CNI_IFNAME: "y".repeat(15) };
  const producer = (await host.addPod()).producer().with({ env });
  await producer.add();
  const [entry] = host.entries();
  assertEquals(entry?.name, `${env.CNI_CONTAINERID}-${env.CNI_IFNAME}_prod`);
  await producer.del();
});

Deno.test("commands that do not exist", async (t) => {
  await using host = await Host.start();
  const producer = (await host.addPod()).producer();
  for (const CNI_COMMAND of ["add", "UPDATE", " ADD", "__proto__", "toString", "ADD\n", "é"]) {
    await t.step(JSON.stringify(CNI_COMMAND), async () => {
      const error = await producer.fails(CNI_COMMAND, 4, "CNI_COMMAND", "ADD, CHECK, DEL");
      assertStringIncludes(error.msg, JSON.stringify(CNI_COMMAND));
    });
  }
});

Deno.test("a variable that is not text is an error like any other", async (t) => {
  await using host = await Host.start();
  const producer = (await host.addPod()).producer();
  for (const name of ["CNI_CONTAINERID", "CNI_NETNS", "CNI_IFNAME", "CNI_COMMAND"]) {
    await t.step(name, async () => {
      const assign = `export ${name}="$(printf 'a\\377')"; exec "$@"`;
      await producer.with({ through: ["sh", "-c", assign, "sh"] }).fails("ADD", 4, name);
    });
  }
});

Deno.test("OVS_MIRROR_TIMEOUT that makes no sense is ignored", async (t) => {
  await using host = await Host.start();
  using proxy = new FaultProxy(host.db.socket);
  // One that was honoured would be over before the first answer.
  proxy.inject({ toClient: later(100) });
  const producer = (await host.addPod()).producer({ socket_file: proxy.socket });
  for (const OVS_MIRROR_TIMEOUT of ["", "abc", "0", "-1", "1e99", "NaN", "Infinity", "3601"]) {
    await t.step(OVS_MIRROR_TIMEOUT, async () => {
      await producer.with({ env: { OVS_MIRROR_TIMEOUT } }).add();
    });
  }
});

/** Variables that mean something to the runtime base, or to other programs of its kind. */
const HOSTILE: Variables[] = [
  { TMPDIR: "/nonexistent", TMP: "/nonexistent", TEMP: "/nonexistent" },
  { DENO_DIR: "/nonexistent", HOME: "/nonexistent", XDG_CACHE_HOME: "/nonexistent" },
  { NODE_OPTIONS: "--require=/nonexistent.js", NODE_PATH: "/nonexistent", NODE_DEBUG: "fs" },
  { DENO_V8_FLAGS: "--help", DENO_CERT: "/nonexistent", DENO_TLS_CA_STORE: "nonsense" },
  { DENO_NO_PROMPT: "0", DENO_PERMISSION_BROKER_PATH: "", DENO_AUTH_TOKENS: "a@b" },
  { DENO_EXTRA_CA_CERTS: "/nonexistent", NODE_EXTRA_CA_CERTS: "/nonexistent" },
  { NODE_V8_COVERAGE: "/dev/null/nowhere", DENO_COVERAGE_DIR: "/dev/null/nowhere" },
  { HTTP_PROXY: "http://127.0.0.1:1", HTTPS_PROXY: "http://127.0.0.1:1", ALL_PROXY: "x" },
  { LANG: "xx_XX.UTF-8", LC_ALL: "\u0001", TZ: ":/nonexistent", NO_COLOR: "", FORCE_COLOR: "9" },
  { RUST_BACKTRACE: "full", RUST_MIN_STACK: "1", MALLOC_ARENA_MAX: "1" },
  { OVS_MIRROR_DIST: "/nonexistent", OVS_RUNDIR: "/nonexistent", LD_LIBRARY_PATH: "/nonexistent" },
];

Deno.test("variables that the plugins do not know change nothing", async (t) => {
  await using host = await Host.start();
  const pod = await host.addPod();
  for (const env of HOSTILE) {
    await t.step(Object.keys(env).join(", "), async () => {
      assertEquals(await pod.producer().with({ env }).add(), pod.result());
      await host.assertMirrors(ours("m1", { src: [pod.port], dst: [pod.port] }));
      await pod.producer().with({ env }).del();
    });
  }
});

Deno.test("the required variables alone are enough", async () => {
  await using host = await Host.start();
  const producer = (await host.addPod()).producer();
  assertEquals(producer.request.env?.HOME, undefined);
  await producer.with({ env: { CNI_PATH: undefined, PATH: undefined } }).add();
});

Deno.test("the working directory does not matter", async (t) => {
  await using host = await Host.start();
  const producer = (await host.addPod()).producer();
  const directory = `${host.db.directory}/work`;
  await Deno.mkdir(directory);
  await Deno.writeTextFile(`${directory}/deno.json`, "{ not even JSON");
  await Deno.writeTextFile(`${directory}/package.json`, '{"type":"commonjs"}');
  await t.step("one with files that the runtime base might look for", async () => {
    await producer.with({ cwd: directory }).add();
    await producer.with({ cwd: directory }).del();
    assertEquals(Array.from(Deno.readDirSync(directory)).length, 2);
  });
  await t.step("one that may not be written to", async () => {
    await Deno.chmod(directory, 0o500);
    await producer.with({ cwd: directory }).add();
    // Whoever is not root could not remove it otherwise.
    await Deno.chmod(directory, 0o700);
  });
  await t.step("one that is gone: the runtime base does not start, nothing changes", async () => {
    const gone = ["sh", "-c", 'mkdir "$0" && cd "$0" && rmdir "$0" && exec "$@"', `${directory}-2`];
    const { code, stdout } = await host.unchanged(() =>
      producer.with({ through: gone }).call("DEL")
    );
    assertEquals([code, stdout], [1, ""]);
  });
});
