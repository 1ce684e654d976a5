import { assertEquals } from "@std/assert";
import { stringMap } from "../../lib/ovsdb/value.ts";
import { both, ingress } from "../support/cni/chained.ts";
import { Host, ours, OWNER } from "../support/cni/host.ts";

const OURS = { external_ids: stringMap({ owner: OWNER }) };

/** A host with as many mirrors, of another owner, on `br1`. */
async function hostWithMirrors(count: number): Promise<Host> {
  const host = await Host.start("br1", "br2");
  for (let i = 1; i <= count; i++) await host.db.addMirror("br1", { name: `theirs-${i}` });
  return host;
}

Deno.test("the 33rd mirror of a bridge is refused, with all that came with it", async (t) => {
  await using host = await hostWithMirrors(31);
  const pod = await host.addPod();
  await t.step("31 and 2 are too many", async () => {
    const mirrors = [ingress("m1"), ingress("theirs-1"), ingress("m2")];
    await pod.producer({ mirrors }).fails("ADD", 105, '"m2"', '"br1"', "32 mirrors");
  });
  await t.step("31 and 1 are not", async () => {
    await pod.producer().add();
    assertEquals((await host.db.mirrors()).length, 32);
  });
  await t.step("32 and 1 are too many, for both roles", async () => {
    await pod.producer({ mirrors: [both("m2")] }).fails("ADD", 105, '"m2"', '"br1"');
    await pod.consumer({ mirrors: [{ name: "m2" }] }).fails("ADD", 105, '"m2"', '"br1"');
  });
  await t.step("those that are there can still be attached to", async () => {
    const other = await host.addPod();
    const producer = other.producer({ mirrors: [ingress("m1"), ingress("theirs-31")] });
    await producer.add();
    await producer.check();
    await producer.del();
  });
  await t.step("another bridge has 32 of its own", async () => {
    await (await host.addPod({ bridge: "br2" })).producer({ mirrors: [both("m2")] }).add();
  });
});

Deno.test("empty mirrors of ours make room", async () => {
  await using host = await hostWithMirrors(30);
  for (const name of ["left-1", "left-2"]) await host.db.addMirror("br1", { name, ...OURS });
  const pod = await host.addPod();
  await pod.producer({ mirrors: [both("m1"), both("m2")] }).add();
  const names = (await host.db.mirrors()).map(({ name }) => name);
  assertEquals([names.length, names.slice(0, 2)], [32, ["m1", "m2"]]);
});

Deno.test("an empty mirror of ours that is wanted makes no room", async () => {
  await using host = await hostWithMirrors(31);
  await host.db.addMirror("br1", { name: "m1", ...OURS });
  const pod = await host.addPod();
  await pod.producer({ mirrors: [both("m1"), both("m2")] }).fails("ADD", 105, '"m2"');
  await pod.producer({ mirrors: [both("m1")] }).add();
});

Deno.test("a bridge that has more already is still served", async () => {
  await using host = await hostWithMirrors(34);
  const pod = await host.addPod();
  await pod.producer({ mirrors: [both("m1")] }).fails("ADD", 105, '"m1"');
  const producer = pod.producer({ mirrors: [both("theirs-1")] });
  await producer.add();
  await producer.check();
  await producer.del();
});

Deno.test("one configuration may name 32 mirrors, and no more", async () => {
  await using host = await Host.start();
  const pod = await host.addPod();
  const names = Array.from({ length: 33 }, (_, i) => `m${10 + i}`);
  await pod.producer({ mirrors: names.map(ingress) }).fails("ADD", 7, "33 mirrors", "32");
  const producer = pod.producer({ mirrors: names.slice(0, 32).map(ingress) });
  await producer.add();
  await producer.check();
  await host.assertMirrors(...names.slice(0, 32).map((name) => ours(name, { src: [pod.port] })));
  await producer.del();
  await host.assertMirrors();
});
