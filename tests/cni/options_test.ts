import { assertEquals } from "@std/assert";
import { stringMap, type Value } from "../../lib/ovsdb/value.ts";
import { both, type Config } from "../support/cni/chained.ts";
import { Host, ours, OWNER, type Pod } from "../support/cni/host.ts";

/** A consumer of `m1` with options. */
function tap(pod: Pod, options: Config = {}) {
  return pod.consumer({ mirrors: [{ name: "m1", ...options }] });
}

/** The option columns and marks of the rows of `m1`, by their output. */
async function optionsOf({ db }: Host): Promise<Record<string, unknown>> {
  const columns = ["output_port", "select_all", "select_vlan", "snaplen", "external_ids"];
  const rows = await db.rows("Mirror", columns);
  const ports = await db.rows("Port", ["_uuid", "name"]);
  return Object.fromEntries(rows.map(({ output_port, external_ids, ...options }) => {
    const port = ports.find(({ _uuid }) => JSON.stringify(_uuid) === JSON.stringify(output_port));
    const marks = (external_ids as [string, [string, string][]])[1].map(([name]) => name).sort();
    return [port?.name ?? "none", { ...options, marks }];
  }));
}

const NONE = { select_all: false, select_vlan: ["set", []], snaplen: ["set", []] };

Deno.test("each shared consumer is the output of a row of its own, with the same sources", async () => {
  await using host = await Host.start();
  const [source, one, two, three, late] = await Promise.all(
    Array.from({ length: 5 }, () => host.addPod()),
  ) as [Pod, Pod, Pod, Pod, Pod];
  await source.producer().add();
  await tap(one).add();
  await tap(two, { shared: true }).add();
  await tap(three, { shared: true }).add();
  await late.producer().add();
  const sources = { src: [source.port, late.port].sort(), dst: [source.port, late.port].sort() };
  const rows = [one, two, three].map(({ port }) => ours("m1", { ...sources, output: port }));
  const sorted = (mirrors: { output?: string }[]) =>
    mirrors.toSorted((a, b) => `${a.output}` < `${b.output}` ? -1 : 1);
  assertEquals(sorted(await host.db.mirrors()), sorted(rows));
  for (const pod of [source, late]) await pod.producer().check();
  await tap(one).check();
  for (const pod of [two, three]) await tap(pod, { shared: true }).check();
  await tap(one).del();
  await source.producer().del();
  await tap(three, { shared: true }).del();
  await host.assertMirrors(ours("m1", { src: [late.port], dst: [late.port], output: two.port }));
  await tap(two, { shared: true }).del();
  await host.assertMirrors(ours("m1", { src: [late.port], dst: [late.port] }));
  await late.producer().del();
  assertEquals([await host.db.mirrors(), host.entries()], [[], []]);
});

Deno.test("a consumer that does not share is refused, and told of sharing", async () => {
  await using host = await Host.start();
  const [one, two] = [await host.addPod(), await host.addPod()];
  await tap(one, { shared: true }).add();
  await tap(two).fails("ADD", 103, one.port, '"shared"');
  await tap(one, { shared: true }).add();
});

Deno.test("options live and die with the consumer", async () => {
  await using host = await Host.start();
  const [source, pod] = [await host.addPod(), await host.addPod()];
  await source.producer().add();
  const options = { vlans: [200, 100], snaplen: 128 };
  await tap(pod, options).add();
  await tap(pod, options).check();
  await tap(pod, { ...options, snaplen: 64 }).fails("CHECK", 106, "packets");
  const set = { select_all: false, select_vlan: ["set", [100, 200]], snaplen: 128 };
  assertEquals(await optionsOf(host), {
    [pod.port]: { ...set, marks: ["ovs-mirror-options", "owner"] },
  });
  await tap(pod, options).del();
  assertEquals(await optionsOf(host), { none: { ...NONE, marks: ["owner"] } });
  await tap(pod).add();
  assertEquals(await optionsOf(host), { [pod.port]: { ...NONE, marks: ["owner"] } });
});

Deno.test("shared consumers may ask for different packets", async () => {
  await using host = await Host.start();
  const [one, two] = [await host.addPod(), await host.addPod()];
  await tap(one, { snaplen: 64 }).add();
  await tap(two, { shared: true, vlans: [7] }).add();
  const marks = ["ovs-mirror-options", "owner"];
  assertEquals(await optionsOf(host), {
    [one.port]: { ...NONE, snaplen: 64, marks },
    [two.port]: { ...NONE, select_vlan: 7, marks: [...marks, "ovs-mirror-shared"].sort() },
  });
});

Deno.test("all ports are sources, and no producer joins", async () => {
  await using host = await Host.start();
  const [source, pod] = [await host.addPod(), await host.addPod()];
  await tap(pod, { all: true, vlans: [100] }).add();
  await tap(pod, { all: true, vlans: [100] }).check();
  await source.producer().fails("ADD", 104, '"m1"', "all ports");
  await tap(pod, { all: true, vlans: [100] }).del();
  assertEquals([await host.db.mirrors(), host.entries()], [[], []]);
  await source.producer().add();
  await tap(pod, { all: true }).fails("ADD", 104, '"all"', "producers");
});

Deno.test("a producer joins a mirror of all ports whose column a person cleared", async () => {
  await using host = await Host.start();
  const [pod, source] = [await host.addPod(), await host.addPod()];
  await tap(pod, { all: true }).add();
  await host.db.transact([
    { op: "update", table: "Mirror", where: [], row: { select_all: false } },
  ]);
  await source.producer().add();
  await source.producer().check();
  await source.producer().del();
  await tap(pod, { all: true }).del();
  await host.assertMirrors();
});

Deno.test("of several consumers all take all ports, or none does, whoever comes first", async () => {
  await using host = await Host.start();
  const [one, two, source] = [await host.addPod(), await host.addPod(), await host.addPod()];
  const all = { all: true, shared: true };
  const different = { ...all, vlans: [7] };
  await tap(one, all).add();
  await tap(two, { shared: true }).fails("ADD", 104, '"m1"', "another consumer", '"all"');
  await tap(two, different).add();
  await tap(two, different).add();
  await tap(two, { shared: true }).fails("ADD", 104, "another consumer");
  await tap(one, all).del();
  await source.producer().fails("ADD", 104, "all ports");
  await tap(two, different).check();
  await tap(two, different).del();
  assertEquals(await host.db.mirrors(), []);

  await tap(one, { shared: true }).add();
  await tap(two, all).fails("ADD", 104, '"m1"', "another consumer", '"all"');
  await tap(one, all).add();
  await tap(two, all).add();
});

Deno.test("what a vanished consumer asked for does not stay", async (t) => {
  for (const options of [{ all: true }, { vlans: [5] }, { snaplen: 64 }]) {
    await t.step(JSON.stringify(options), async () => {
      await using host = await Host.start();
      const [gone, next, other] = [await host.addPod(), await host.addPod(), await host.addPod()];
      await tap(gone, options).add();
      await host.db.removePort("br1", gone.port);
      await other.producer({ mirrors: [both("m2")] }).add();
      assertEquals((await host.db.mirrors()).map(({ name }) => name), ["m2"]);
      await tap(gone, options).del();
      await other.producer().add();
      await host.db.transact([{
        op: "update",
        table: "Mirror",
        where: [["name", "==", "m1"]],
        row: {
          snaplen: 64,
          external_ids: stringMap({ owner: OWNER, "ovs-mirror-options": "consumer" }),
        },
      }]);
      await tap(next).add();
      assertEquals((await optionsOf(host))[next.port], { ...NONE, marks: ["owner"] });
    });
  }
});

Deno.test("options of others are never overwritten", async () => {
  await using host = await Host.start();
  const pod = await host.addPod();
  await host.db.addMirror("br1", { name: "m1", snaplen: 96 });
  await tap(pod, { snaplen: 64 }).fails("ADD", 104, '"m1"', '"snaplen"');
  await tap(pod, { snaplen: 96 }).add();
  await tap(pod, { snaplen: 96 }).del();
  assertEquals((await optionsOf(host)).none, { ...NONE, snaplen: 96, marks: [] });
  await tap(pod).add();
  const other = await host.addPod();
  await tap(other, { shared: true }).fails("ADD", 104, '"m1"', "not of the plugins' making");
});

Deno.test("each option that others have set otherwise is named", async (t) => {
  for (
    const [row, options, column] of [
      [{ snaplen: 96 }, { all: true }, "snaplen"],
      [{ select_vlan: 5 }, { vlans: [6] }, "select_vlan"],
      [{ select_all: true }, { snaplen: 64 }, "select_all"],
    ] satisfies [Record<string, Value>, Config, string][]
  ) {
    await t.step(column, async () => {
      await using host = await Host.start();
      const [pod, other] = [await host.addPod(), await host.addPod()];
      await host.db.addMirror("br1", { name: "m1", ...row });
      await tap(pod, options).fails("ADD", 104, '"m1"', `"${column}"`, "somebody else");
      const held = { output_port: await host.db.port(other.port) };
      await host.db.transact([{ op: "update", table: "Mirror", where: [], row: held }]);
      await tap(pod, { ...options, shared: true }).fails("ADD", 104, '"m1"', "not of the plugins");
    });
  }
});

Deno.test("all ports are no further consumer's of a mirror with producers", async () => {
  await using host = await Host.start();
  const [source, one, two] = [await host.addPod(), await host.addPod(), await host.addPod()];
  await source.producer().add();
  await tap(one).add();
  await tap(two, { shared: true, all: true }).fails("ADD", 104, '"m1"', '"all"', "producers");
  await tap(one).del();
  await tap(two, { shared: true, all: true }).fails("ADD", 104, '"m1"', '"all"', "producers");
});

Deno.test("further rows count, and the 33rd is refused", async () => {
  await using host = await Host.start();
  const [one, two] = [await host.addPod(), await host.addPod()];
  const fill = Array.from({ length: 31 }, (_, i) => both(`x${i}`));
  await (await host.addPod()).producer({ mirrors: fill }).add();
  await tap(one).add();
  await tap(two, { shared: true }).fails("ADD", 105, '"m1"', "32 mirrors");
});

/** What a consumer may not say, and what the error names. */
const WRONG: [options: Config, ...words: string[]][] = [
  [{ vlans: [] }, '"mirrors[0].vlans" must not be empty'],
  [{ vlans: [100, 100] }, '"mirrors[0].vlans"', "twice"],
  [{ vlans: [4096] }, '"mirrors[0].vlans[0]" must be at most 4095'],
  [{ vlans: [-1] }, '"mirrors[0].vlans[0]" must be at least 0'],
  [{ vlans: ["100"] }, '"mirrors[0].vlans[0]"'],
  [{ vlans: 100 }, '"mirrors[0].vlans" must be of type array'],
  [{ vlans: [100, 200.5] }, '"mirrors[0].vlans[1]"'],
  [{ vlans: [null] }, '"mirrors[0].vlans[0]" must be of type'],
  [{ vlan: [100] }, '"mirrors[0].vlan"', '"vlans"'],
  [{ snaplen: 13 }, '"mirrors[0].snaplen" must be at least 14'],
  [{ snaplen: 65_536 }, '"mirrors[0].snaplen" must be at most 65535'],
  [{ snaplen: 64.5 }, '"mirrors[0].snaplen"'],
  [{ snaplen: "64" }, '"mirrors[0].snaplen" must be of type'],
  [{ all: 1 }, '"mirrors[0].all" must be of type boolean'],
  [{ shared: "yes" }, '"mirrors[0].shared" must be of type boolean'],
  [{ filter: "x".repeat(10_000) }, "filter is longer"],
  [{ filter: "tcp\nudp" }, "filter holds characters"],
  [{ filter: "tcp\u0007" }, "filter holds characters"],
  [{ filter: "tcp\u0000" }, "filter holds characters"],
  [{ filter: 'tcp"' }, "filter holds characters"],
  [{ filter: "'tcp'" }, "filter holds characters"],
  [{ filter: "tcp\\" }, "filter holds characters"],
  [{ filter: "" }, "filter is empty"],
  [{ filter: ["tcp"] }, '"mirrors[0].filter" must be of type string'],
  [{ filter: "tcp,tcp_dst=65536" }, '"65536"', "65535"],
  [{ filter: "tcp_dst=80" }, "tcp_dst needs tcp"],
  [{ filter: "tcp,tcp_dst=80/0xf0" }, "no mask"],
  [{ filter: "in_port=1" }, '"in_port=1"'],
  [{ filter: "tcp,,tcp_dst=80" }, "comma too many"],
  [{ filter: "nosuch=1" }, '"nosuch=1"'],
];

Deno.test("options that make no sense are named, and nothing changes", async (t) => {
  await using host = await Host.start();
  const pod = await host.addPod();
  for (const [options, ...words] of WRONG) {
    await t.step(JSON.stringify(options).slice(0, 60), async () => {
      await tap(pod, options).fails("ADD", 7, ...words);
    });
  }
  const options = { shared: true, all: false, vlans: [100], snaplen: 64, filter: "tcp" };
  for (const [name, value] of Object.entries(options)) {
    await t.step(`a producer has no ${name}`, async () => {
      const mirrors = [both("m0"), { ...both("m1"), [name]: value }];
      const words = ["mirrors[1]", `"${name}"`, "move it to the ovs-mirror-consumer"];
      await pod.producer({ mirrors }).fails("ADD", 7, ...words);
    });
  }
  await t.step("one mirror is not named twice with other options", async () => {
    const mirrors = [{ name: "m1" }, { name: "m1", snaplen: 64 }];
    await pod.consumer({ mirrors }).fails("ADD", 7, "mirrors[1]", '"m1"');
  });
});
