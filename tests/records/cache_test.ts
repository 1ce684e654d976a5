import { assert, assertEquals, assertMatch } from "@std/assert";
import { uuid } from "../../lib/ovsdb/value.ts";
import { both, type ChainedPlugin } from "../support/cni/chained.ts";
import { Host, ours } from "../support/cni/host.ts";
import { lacks } from "../support/run/lacks.ts";
import { succeed } from "../support/run/process.ts";

/** File type and permissions of a regular file that only its owner may read. */
const PRIVATE_FILE = "100600";

Deno.test("ADD leaves one private file, of the form that the Go implementation reads", async () => {
  await using host = await Host.start();
  const pod = await host.addPod();
  await pod.producer({ mirrors: [both("m1"), both("m2")] }).add();
  await pod.consumer({ name: "other-net", mirrors: [{ name: "m3" }] }).with({
    env: { CNI_CONTAINERID: "c.2" },
  }).add();
  const part = {
    ifname: "eth1",
    netns: pod.netns,
    database: `unix:${host.db.socket}`,
    bridge: "br1",
    ports: [{ id: (await host.db.port(pod.port))[1], name: pod.port }],
  };
  const mirrors = await host.db.rows("Mirror", ["_uuid", "name"]);
  const rows = (mirror: string) =>
    mirrors.filter(({ name }) => name === mirror).map(({ _uuid }) => uuid(_uuid));
  const [consumer, producer, ...others] = host.entries();
  assertEquals([consumer?.name, consumer?.mode], ["c.2-eth1_cons", PRIVATE_FILE]);
  assertMatch(consumer!.content!, /^\{"PrevResult":/);
  assertEquals(JSON.parse(consumer!.content!), {
    PrevResult: pod.result(),
    parts: [{
      ...part,
      containerId: "c.2",
      network: "other-net",
      mirrors: [{ name: "m3", columns: ["output_port"], rows: rows("m3") }],
    }],
  });
  assertEquals([producer?.name, producer?.mode], ["pod-1-eth1_prod", PRIVATE_FILE]);
  assertEquals(JSON.parse(producer!.content!), {
    PrevResult: pod.result(),
    parts: [{
      ...part,
      containerId: "pod-1",
      network: "net",
      mirrors: ["m1", "m2"].map((name) => ({
        name,
        columns: ["select_src_port", "select_dst_port"],
        rows: rows(name),
      })),
    }],
  });
  assertEquals([others, Deno.statSync(host.cache).mode], [[], 0o40700]);
});

Deno.test("files are as private whatever the umask", async () => {
  await using host = await Host.start();
  const pod = await host.addPod();
  const through = ["sh", "-c", 'umask 000; exec "$@"', "sh"];
  const env = { OVS_MIRROR_CACHE_DIR: `${host.cache}/deep/er` };
  await pod.producer().with({ through, env }).add();
  const [entry] = Array.from(Deno.readDirSync(`${host.cache}/deep/er`));
  assertEquals(
    Deno.statSync(`${host.cache}/deep/er/${entry!.name}`).mode?.toString(8),
    PRIVATE_FILE,
  );
  for (const path of [host.cache, `${host.cache}/deep`, `${host.cache}/deep/er`]) {
    assertEquals(Deno.statSync(path).mode, 0o40700);
  }
});

Deno.test("a refused ADD leaves the entry of an earlier one", async () => {
  await using host = await Host.start("br1", "br2");
  const pod = await host.addPod();
  await host.db.addMirror("br2", { name: "elsewhere" });
  const mirrors = [both("m2"), both("elsewhere")];
  await pod.producer({ mirrors }).fails("ADD", 102);
  await pod.producer().add();
  await pod.producer({ mirrors }).fails("ADD", 102);
  await pod.producer().del();
});

Deno.test("an ADD that is refused late puts back the entry that it found", async (t) => {
  await using host = await Host.start();
  const pod = await host.addPod();
  await pod.producer().add();
  const path = `${host.cache}/pod-1-eth1_cons`;
  // Only the guards of the change see that the port is a source of the mirror.
  const refused = () => pod.consumer().fails("ADD", 104, "both source and output");
  await t.step("one of the Go implementation", async () => {
    const content = JSON.stringify({ PrevResult: pod.result() });
    await Deno.writeTextFile(path, content, { mode: 0o600 });
    await refused();
  });
  await t.step("none", async () => {
    await Deno.remove(path);
    await refused();
  });
});

/** Puts something where the entry should be. */
const OBSTACLES: Record<string, (path: string) => Promise<unknown>> = {
  "a symbolic link to an entry": async (path) => {
    await Deno.writeTextFile(`${path}.target`, '{"PrevResult":{}}');
    await Deno.symlink(`${path}.target`, path);
  },
  "a symbolic link to nothing": (path) => Deno.symlink(`${path}.none`, path),
  "a symbolic link to itself": (path) => Deno.symlink(path, path),
  "a fifo": (path) => succeed("mkfifo", path),
  "an empty directory": (path) => Deno.mkdir(path),
  "a directory with something in it": (path) => Deno.mkdir(`${path}/x`, { recursive: true }),
};

Deno.test("something else where the entry should be is neither followed nor replaced", async (t) => {
  await using host = await Host.start();
  const pod = await host.addPod();
  const producer = pod.producer();
  const path = `${host.cache}/pod-1-eth1_prod`;
  for (const [name, put] of Object.entries(OBSTACLES)) {
    await t.step(name, async () => {
      await Deno.mkdir(host.cache, { recursive: true });
      await put(path);
      await producer.fails("ADD", 5, path, "is not a regular file");
      const port = await host.db.port(pod.port);
      await host.db.addMirror("br1", { name: "m1", select_src_port: port });
      await producer.del();
      const sources = (await host.db.mirrors()).map(({ src }) => src);
      assertEquals([sources, (await Deno.lstat(path)).isFile], [[[]], false]);
      const row = { mirrors: ["set", []] } as const;
      await host.db.transact([{ op: "update", table: "Bridge", where: [], row }]);
      await Deno.remove(host.cache, { recursive: true });
    });
  }
});

/** What may be in an entry after a power failure, a full disk or a visit of another program. */
const DAMAGED: Record<string, string | Uint8Array> = {
  "nothing": "",
  "half an entry": '{"PrevResult":{"cniVersion":"1.0.0","interf',
  "zeros": new Uint8Array(4096),
  "binary": Uint8Array.from({ length: 300 }, (_, i) => i % 256),
  "null": "null",
  "a list": "[1]",
  "an object of nothing": "{}",
  "members of other types": '{"PrevResult":5,"network":{},"mirrors":"m1","bridge":[]}',
  "mirrors that are no names": '{"mirrors":[1,null]}',
  "a result that is none": '{"PrevResult":{"interfaces":"veth1"},"mirrors":["m1"]}',
  "a result of another world": '{"PrevResult":{"cniVersion":"9.9.9"}}',
  "a NUL in a name": '{"bridge":"br\\u00001","mirrors":["m\\u0000"]}',
  "half a character": '{"bridge":"\\ud800","mirrors":["\\udc00"]}',
  "more than anybody needs": `{"x":"${"x".repeat(2_000_000)}"}`,
};

Deno.test("a damaged entry is as good as none", async (t) => {
  await using host = await Host.start();
  const pod = await host.addPod();
  const damage = async (content: string | Uint8Array) => {
    await Deno.mkdir(host.cache, { recursive: true });
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    await Deno.writeFile(`${host.cache}/pod-1-eth1_prod`, bytes);
  };
  for (const [name, content] of Object.entries(DAMAGED)) {
    await t.step(name, async () => {
      await damage(content);
      await pod.producer().add();
      await host.assertMirrors(ours("m1", { src: [pod.port], dst: [pod.port] }));
      await damage(content);
      await pod.producer({ prevResult: undefined }).del();
      assertEquals([await host.db.mirrors(), host.entries()], [[], []]);
    });
  }
});

Deno.test("an entry that would be too long for DEL is not written, and nothing attached", async () => {
  await using host = await Host.start();
  const pod = await host.addPod();
  const prevResult = { ...pod.result(), padding: "x".repeat(2_000_000) };
  await pod.producer({ prevResult }).fails("ADD", 7, "prevResult is too long", "pod-1-eth1_prod");
});

Deno.test("an entry too long to be one of ADD's is as good as none, and not read", {
  ignore: lacks({ time: "time" }),
}, async () => {
  await using host = await Host.start();
  const pod = await host.addPod();
  const report = `${host.db.directory}/peak`;
  const through = ["time", "--format=%M", `--output=${report}`, "--quiet"];
  const producer = pod.producer().with({ through });
  await Deno.mkdir(host.cache);
  for (const command of ["ADD", "DEL"]) {
    await Deno.writeTextFile(`${host.cache}/pod-1-eth1_prod`, "");
    await Deno.truncate(`${host.cache}/pod-1-eth1_prod`, 500_000_000);
    await producer.run(command);
    const kilobytes = Number(await Deno.readTextFile(report));
    assert(kilobytes < 150_000, `${kilobytes} kB`);
  }
  assertEquals([await host.db.mirrors(), host.entries()], [[], []]);
});

Deno.test("a cache that cannot be used", async (t) => {
  await using host = await Host.start();
  const pod = await host.addPod();
  const { directory } = host.db;
  await Deno.writeTextFile(`${directory}/file`, "");
  await Deno.symlink(`${directory}/loop`, `${directory}/loop`);
  const places = { "a file": "file", "below a file": "file/cache", "a link to itself": "loop" };
  for (const [name, place] of Object.entries(places)) {
    await t.step(name, async () => {
      const OVS_MIRROR_CACHE_DIR = `${directory}/${place}`;
      await pod.producer().with({ env: { OVS_MIRROR_CACHE_DIR } }).fails("ADD", 5, place);
    });
  }
});

Deno.test("the configuration has no say in where the cache is", async () => {
  await using host = await Host.start();
  const pod = await host.addPod();
  const place = `${host.db.directory}/elsewhere`;
  const words = ["OVS_MIRROR_CACHE_DIR", "cache_dir", "cacheDir", "dataDir", "directory"];
  const config = Object.fromEntries(words.map((word) => [word, place]));
  const CNI_ARGS = `OVS_MIRROR_CACHE_DIR=${place}`;
  const producer: ChainedPlugin = pod.producer(config).with({ env: { CNI_ARGS } });
  await producer.add();
  assertEquals(host.entries().map(({ name }) => name), ["pod-1-eth1_prod"]);
});
