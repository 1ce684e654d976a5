import { assert, assertEquals, assertMatch } from "@std/assert";
import { stringMap } from "../../lib/ovsdb/value.ts";
import { command, commandOnTerminal } from "../support/run/command.ts";
import { Host } from "../support/cni/host.ts";
import { replaceDatabase } from "../support/ovs/schema.ts";
import { lacks } from "../support/run/lacks.ts";
import { Ovsdb } from "../support/ovs/ovsdb.ts";
import { Recorder } from "../support/ovs/recorder.ts";

Deno.test("show --mirror asks for that mirror's ports only, however many there are", async () => {
  await using host = await Host.start();
  await host.db.addPorts("br1", ...Array.from({ length: 2000 }, (_, index) => `p${index}`));
  const ports = (await host.db.rows("Port", ["_uuid"])).map(({ _uuid }) =>
    _uuid as ["uuid", string]
  );
  await host.db.addMirror("br1", { name: "large", select_src_port: ["set", ports] });
  await host.db.addMirror("br1", { name: "small", select_src_port: ["set", ports.slice(0, 3)] });
  using recorder = new Recorder(host.db.socket);
  const cost = async (...args: string[]) => {
    const { bytes } = await recorder.costOf(() =>
      command(["show", "--socket", recorder.socket, ...args])
    );
    return bytes;
  };
  const small = await cost("--mirror", "small"), all = await cost();
  // The schema takes 15,000 of them.
  assert(small < 25_000, `${small} bytes`);
  assert(all > 300_000, `${all} bytes`);
});

Deno.test("show takes what an old schema lacks for unknown", async () => {
  await using db = await Ovsdb.start();
  await replaceDatabase(db, (tables) => {
    for (const name of ["error", "mtu", "link_state"]) delete tables.Interface!.columns[name];
    for (const name of ["snaplen", "statistics"]) delete tables.Mirror!.columns[name];
  });
  await db.addBridges("br1");
  await db.addPorts("br1", "a", "b");
  await db.addMirror("br1", {
    name: "m1",
    select_src_port: await db.port("a"),
    output_port: await db.port("b"),
    external_ids: stringMap({ owner: "ovs-cni.network.kubevirt.io" }),
  });
  const { code, stdout, stderr } = await command(["show", "--socket", db.socket]);
  assertEquals([code, stderr], [0, ""]);
  assertMatch(stdout, /^m1 .* - +- +- {2}waiting for the switch {2}a \(ingress\) +b$/m);
});

Deno.test("show finds no mirrors where there is no table of them", async () => {
  await using db = await Ovsdb.start();
  await replaceDatabase(db, (tables) => {
    delete tables.Mirror;
    delete tables.Bridge!.columns.mirrors;
  });
  await db.addBridges("br1");
  const { code, stdout } = await command(["show", "--socket", db.socket]);
  assertEquals(code, 0);
  assertMatch(stdout, /\nThere are no mirrors\.\n$/);
});

const NASTY = [
  "x".repeat(1000),
  "\u202egnol\u202c",
  "\x1b[2J\x9b",
  "\u05de\u05e8\u05d0\u05d4",
  "a\nb",
];

Deno.test("show prints nasty names harmlessly, as text, JSON and pictures", async () => {
  await using host = await Host.start();
  for (const name of NASTY) await host.db.addMirror("br1", { name });
  for (const format of ["table", "json", "mermaid", "dot"]) {
    const { code, stdout } = await command(
      ["show", "--socket", host.db.socket, "--format", format],
    );
    assertEquals(code, 0);
    // deno-lint-ignore no-control-regex
    assertEquals(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]/.exec(stdout), null, format);
  }
  const { stdout } = await command(["show", "--socket", host.db.socket, "--format", "json"]);
  const names = JSON.parse(stdout).mirrors.map(({ name }: { name: string }) => name);
  assertEquals(names.sort(), NASTY.toSorted());
});

Deno.test({
  name: "show breaks long names on a narrow terminal, and nowhere else",
  ignore: lacks({ script: "bsdutils", stty: "coreutils" }),
  async fn() {
    await using host = await Host.start();
    await host.db.addMirror("br1", { name: NASTY[0]! });
    const args = ["show", "--socket", host.db.socket];
    const narrow = await commandOnTerminal(args, 20, { NO_COLOR: "1" });
    assertEquals(narrow.stdout.split("\n").filter((line) => line.length > 20), []);
    const { stdout } = await command(args);
    assertEquals(stdout.split("\n").filter((line) => line.includes(NASTY[0]!)).length, 1);
  },
});

/** What show says of a switch that answers its question with some bytes, or with none. */
async function switchThatAnswers(answer: string, host: Host): Promise<string> {
  const { directory, socket } = host.db;
  await Deno.writeTextFile(`${directory}/ovs-vswitchd.pid`, "1\n");
  using listener = Deno.listen({ transport: "unix", path: `${directory}/ovs-vswitchd.1.ctl` });
  const serving = (async () => {
    using connection = await listener.accept();
    await connection.read(new Uint8Array(1000));
    await connection.write(new TextEncoder().encode(answer));
    await connection.read(new Uint8Array(1));
  })();
  const { stdout } = await command(["show", "--socket", socket, "--format", "json"]);
  await serving;
  await Deno.remove(`${directory}/ovs-vswitchd.1.ctl`);
  return JSON.parse(stdout).switch;
}

Deno.test("show takes any answer of the switch for a sign of life, and waits 5 s for one", async () => {
  await using host = await Host.start();
  const error = '{"id":0,"result":null,"error":"unknown command"}';
  assertEquals(await switchThatAnswers(error, host), "running");
  const started = performance.now();
  assertEquals(await switchThatAnswers("", host), "not answering");
  assert(performance.now() - started < 40_000);
});
