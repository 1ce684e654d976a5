import { assert, assertEquals } from "@std/assert";
import type { ChainedPlugin } from "../support/cni/chained.ts";
import { FaultProxy, type Passage } from "../support/ovs/fault_proxy.ts";
import { after, cutAfter, encode, once, replies, silence } from "../support/ovs/faults.ts";
import { Host, ours, type Pod } from "../support/cni/host.ts";
import { lacks } from "../support/run/lacks.ts";
import { assertFailure, assertSuccess } from "../support/cni/outcome.ts";
import { succeed } from "../support/run/process.ts";
import { listenTcp } from "../support/ovs/tcp.ts";

/** Commands that need the database. */
const COMMANDS = ["ADD", "CHECK", "GC", "STATUS"];

/**
 * Calls them all; STATUS has a code of its own for what is wrong with the database. DEL, of which
 * nothing is on record, must not keep the runtime from going on.
 */
async function allFail(plugin: ChainedPlugin, code: number, ...words: string[]): Promise<void> {
  const config = { cniVersion: "1.1.0", "cni.dev/valid-attachments": [] };
  for (const command of COMMANDS) {
    const expected = command === "STATUS" ? 50 : code;
    await plugin.with({ config }).fails(command, expected, command, ...words);
  }
  await plugin.del();
}

Deno.test("nobody listens there", async (t) => {
  await using host = await Host.start();
  const pod = await host.addPod();
  const { directory } = host.db;
  await Deno.writeTextFile(`${directory}/file`, "");
  await Deno.symlink(`${directory}/loop`, `${directory}/loop`);
  const addresses = ["none", "none/db.sock", "file", "loop", ""];
  for (const name of addresses) {
    await t.step(`${name.slice(0, 20)} in the directory`, async () => {
      const socket_file = `unix:${directory}/${name}`;
      await allFail(pod.producer({ socket_file }), 11, socket_file, '"socket_file"');
    });
  }
  await t.step("a path that no socket can have, and an address that is none", async () => {
    const long = `unix:${directory}/${"x".repeat(200)}`;
    await pod.producer({ socket_file: long }).fails("ADD", 7, '"socket_file"', "107 bytes");
    await pod.producer({ socket_file: "tcp://127.0.0.1:6640" }).fails("ADD", 7, '"socket_file"');
  });
  await t.step("a TCP port", async () => {
    await allFail(pod.producer({ socket_file: "tcp:127.0.0.1:1" }), 11, "tcp:127.0.0.1:1");
  });
  await t.step("a socket that a server left behind", async () => {
    await host.db.stop();
    await allFail(pod.producer(), 11, host.db.socket);
  });
});

Deno.test({
  name: "of a name with several addresses, the one that the database listens at is found",
  ignore: lacks({ unshare: "util-linux", mount: "mount" }),
  async fn() {
    await using host = await Host.start();
    const port = await listenTcp(host.db);
    const hosts = `${host.db.directory}/hosts`;
    await Deno.writeTextFile(hosts, "::1 db\n127.0.0.2 db\n127.0.0.1 db\n");
    const script = `mount --bind ${hosts} /etc/hosts && exec "$@"`;
    const through = ["unshare", Deno.uid() === 0 ? "-m" : "-Urm", "sh", "-c", script, "sh"];
    const pod = await host.addPod();
    await pod.producer({ socket_file: `tcp:db:${port}` }).with({ through }).add();
  },
});

/** A producer that talks to the database through a proxy. */
function through(proxy: FaultProxy, pod: Pod, toClient: Passage): ChainedPlugin {
  proxy.inject({ toClient });
  return pod.producer({ socket_file: proxy.socket });
}

Deno.test("a server that hangs is given up when the time is over", async (t) => {
  await using host = await Host.start();
  using proxy = new FaultProxy(host.db.socket);
  const pod = await host.addPod();
  const seconds = 1;
  const impatient = through(proxy, pod, silence)
    .with({ env: { OVS_MIRROR_TIMEOUT: String(seconds) } });
  await t.step("it accepts connections and says nothing", async () => {
    const started = performance.now();
    await allFail(impatient, 11, "did not answer in time");
    const each = (performance.now() - started) / 1000 / (COMMANDS.length + 1);
    assert(each >= seconds && each < 5 * seconds, `${each} s each`);
  });
  await t.step("its process is stopped", async () => {
    const pid = await host.db.pid();
    const before = await host.db.rows("Mirror");
    Deno.kill(pid, "SIGSTOP");
    const outcome = await impatient.with({ config: { socket_file: host.db.socket } }).call("ADD");
    Deno.kill(pid, "SIGCONT");
    assertFailure(outcome, 11, "did not answer in time");
    assertEquals([await host.db.rows("Mirror"), host.entries()], [before, []]);
  });
});

Deno.test("a server that closes the connection", async (t) => {
  await using host = await Host.start();
  using proxy = new FaultProxy(host.db.socket);
  const pod = await host.addPod();
  for (const bytes of [0, 1, 20]) {
    await t.step(`after ${bytes} bytes`, async () => {
      const plugin = through(proxy, pod, cutAfter(bytes));
      await allFail(plugin.with({ env: { OVS_MIRROR_TIMEOUT: "1" } }), 11, proxy.socket);
    });
  }
});

/** What a server may say instead of the reply to the first request. */
const NOT_OVSDB: Record<string, string | Uint8Array> = {
  "HTTP": "HTTP/1.1 400 Bad Request\r\n\r\n",
  "binary": Uint8Array.from({ length: 256 }, (_, i) => 255 - i),
  "not UTF-8": Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d),
  "brackets that do not match": '{"id":0]',
  "no JSON between brackets": "{id}",
  "a closing bracket first": "}",
  "a string": '"hello"',
  "null": "null",
  "a list": "[1]",
  "an empty object": "{}",
  "a reply without a result": '{"id":0,"error":null}',
  "a reply to another request": '{"id":7,"result":[],"error":null}',
  "a result that is no list": '{"id":0,"result":{},"error":null}',
  "too few results": '{"id":0,"result":[{"rows":[]}],"error":null}',
  "results without rows": `{"id":0,"result":[${"{},".repeat(9)}{}],"error":null}`,
  "results that are null": `{"id":0,"result":[${"null,".repeat(9)}null],"error":null}`,
  "rows that are no rows": `{"id":0,"result":[${'{"rows":[1]},'.repeat(9)}{}],"error":null}`,
  "nothing but deep brackets": "[".repeat(400_000) + "]".repeat(400_000),
};

Deno.test("a server that does not speak OVSDB", async (t) => {
  await using host = await Host.start();
  using proxy = new FaultProxy(host.db.socket);
  const pod = await host.addPod();
  for (const [name, text] of Object.entries(NOT_OVSDB)) {
    await t.step(name, async () => {
      const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
      const { msg } = await through(proxy, pod, replies(() => [bytes]))
        .with({ env: { OVS_MIRROR_TIMEOUT: "2" } })
        .fails("ADD", 108, proxy.socket, '"socket_file"');
      assert(msg.length < 300, msg);
    });
  }
});

Deno.test("a message without end is given up, whatever it is made of", {
  ignore: lacks({ time: "time" }),
}, async (t) => {
  await using host = await Host.start();
  using proxy = new FaultProxy(host.db.socket);
  const pod = await host.addPod();
  const report = `${host.db.directory}/peak`;
  const measured = ["time", "--format=%M", `--output=${report}`, "--quiet"];
  for (const [start, more] of [["", " "], ["[", "["], ['{"id":"', "x"]] as const) {
    await t.step(`${start}${more}…`, async () => {
      const plugin = through(proxy, pod, replies(() => endless(start, more)));
      await allFail(plugin.with({ through: measured }), 108, "over 1048576 bytes");
      const kilobytes = Number(await Deno.readTextFile(report));
      assert(kilobytes < 100_000, `${kilobytes} kB`);
    });
  }
});

/** Up to 200 MB, far more than anybody should take. */
function* endless(start: string, more: string): Generator<Uint8Array> {
  yield new TextEncoder().encode(start);
  const chunk = new TextEncoder().encode(more.repeat(100_000));
  for (let i = 0; i < 2000; i++) yield chunk;
}

Deno.test("a server that refuses the request", async (t) => {
  await using host = await Host.start();
  using proxy = new FaultProxy(host.db.socket);
  const pod = await host.addPod();
  const refusals: [error: unknown, ...words: string[]][] = [
    ["resources exhausted", "resources exhausted"],
    [{ error: "not owner", details: "of the lock" }, "not owner", "of the lock"],
    [7],
  ];
  for (const [error, ...words] of refusals) {
    await t.step(JSON.stringify(error), async () => {
      const refusal = replies(({ id }) => [encode({ id, result: null, error })]);
      await allFail(through(proxy, pod, refusal), 107, "refused", ...words);
    });
  }
});

Deno.test("a server of other databases", async () => {
  await using host = await Host.start();
  const pod = await host.addPod();
  const { directory } = host.db;
  await host.db.stop();
  const schema = "/usr/share/openvswitch/local-config.ovsschema";
  await Deno.remove(`${directory}/conf.db`);
  await succeed("ovsdb-tool", "create", `${directory}/conf.db`, schema);
  await host.db.run();
  const outcome = await pod.producer().call("ADD");
  assertFailure(outcome, 107, "unknown database", "Open vSwitch");
  assertEquals(host.entries(), []);
});

/** How long the server is away when it restarts, in milliseconds. */
const AWAY = 300;

Deno.test("ADD, CHECK and DEL outlast a server that restarts, wherever it is in the call", async (t) => {
  await using host = await Host.start();
  using proxy = new FaultProxy(host.db.socket);
  const pod = await host.addPod();
  for (const direction of ["toServer", "toClient"] as const) {
    for (const bytes of [1, 600, 1200]) {
      await t.step(`${bytes} bytes ${direction}`, async () => {
        let restarting: Promise<void> | undefined;
        const restart = async () => {
          await host.db.stop();
          restarting = new Promise((resolve) => setTimeout(resolve, AWAY)).then(() =>
            host.db.run()
          );
        };
        const plugin = pod.producer({ socket_file: proxy.socket });
        for (const command of ["ADD", "CHECK", "DEL"]) {
          proxy.inject({ [direction]: once(after(bytes, restart, "is lost")) });
          assertSuccess(await plugin.call(command));
          await restarting;
          const sources = { src: [pod.port], dst: [pod.port] };
          await host.assertMirrors(...command === "DEL" ? [] : [ours("m1", sources)]);
          assertEquals(host.entries().length, command === "DEL" ? 0 : 1);
        }
      });
    }
  }
});

Deno.test("ADD waits for a server that was killed and starts again", async () => {
  await using host = await Host.start();
  const pod = await host.addPod();
  Deno.kill(await host.db.pid(), "SIGKILL");
  const adding = pod.producer().add();
  await new Promise((resolve) => setTimeout(resolve, AWAY));
  await host.db.stop();
  await host.db.run();
  await adding;
  await host.assertMirrors(ours("m1", { src: [pod.port], dst: [pod.port] }));
});
