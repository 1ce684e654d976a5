/**
 * The documents' promises about concurrent calls, checked.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import type { PortColumn } from "../../../lib/mirror/role.ts";
import type { Tables } from "../database/row.ts";
import { type MirrorCall, portsOf } from "../semantics/call.ts";
import { CODES, MOST_MIRRORS, OURS, ROLES } from "../semantics/promises.ts";
import { refusals } from "../semantics/refusals.ts";
import { build, type MirrorLayout } from "../switch/layout.ts";
import { containerOf, requestFor } from "../switch/request.ts";
import { named } from "../switch/rows.ts";
import { mirrorsIn } from "../switch/view.ts";
import type { Ending } from "./explore.ts";
import type { Party, Scenario } from "./scenario.ts";
import { AT_ONCE, type Outcome, World } from "./world.ts";

/**
 * Judges how calls ended, and whether those that come after can put all in order.
 *
 * @param ending How they ended.
 * @throws {AssertionError} A promise is not kept.
 */
export async function judge(scenario: Scenario, ending: Ending): Promise<void> {
  const { parties } = scenario;
  parties.forEach((_, index) => judgeOutcome(parties, index, ending));
  const attached = parties.filter((party, index) => isAttached(party, index, ending));
  judgeMirrors(scenario, attached, ending);
  judgeRecords(parties, attached, ending);
  await judgeRepeated(scenario, ending);
  await judgeEnd(scenario, ending);
}

/** An error has a reason that was one at some moment of the call; what has none succeeds. */
function judgeOutcome(parties: readonly Party[], index: number, ending: Ending): void {
  const { outcome, struck } = ending.actors[index]!;
  if (struck) return;
  const { command, call } = parties[index]!;
  const { code, message } = outcome!;
  const moments = ending.trail.slice(0, ending.ends[index]);
  const what = `${command} of ${containerOf(call)} ended with ${code}: ${message}`;
  if (command === "DEL" || command === "GC") return assertEquals(code, 0, what);
  if (command === "CHECK") return assertEquals(code, 0, what);
  const reasons = moments.flatMap((tables) => [...refusals(tables, call)]);
  if (code === 0) return;
  assert(reasons.some((reason) => CODES[reason] === code), what);
  if (code !== CODES["output taken"]) return;
  const holders = moments.flatMap((tables) => outputsOf(tables, call));
  assert(holders.some((port) => message.includes(`"${port}"`)), what);
}

function outputsOf(tables: Tables, { mirrors }: MirrorCall): string[] {
  return mirrorsIn(tables).filter(({ name }) => mirrors.some((one) => one.name === name))
    .flatMap(({ output }) => output ?? []);
}

/** Whether an attachment is there: wholly or not at all, and as the call says that is about it. */
function isAttached({ command, call }: Party, index: number, ending: Ending): boolean {
  const { tables } = ending.world;
  const held = call.mirrors.flatMap(({ name, columns }) =>
    columns.map((column) =>
      [...portsOf(tables, call)].every((id) =>
        named(tables.Mirror, name).some((row) => row[column]!.has(id))
      )
    )
  );
  const what = `${containerOf(call)} is attached to ${
    held.filter(Boolean).length
  } of ${held.length}`;
  assert(held.every((one) => one === held[0]), what);
  const { struck, outcome } = ending.actors[index]!;
  if (command === "CHECK") assert(held[0], what);
  else if (!struck) assertEquals(held[0], command === "ADD" && outcome!.code === 0, what);
  return held[0]!;
}

/** Mirrors hold what is attached and nothing else, and a bridge no more than the switch carries. */
function judgeMirrors({ layout }: Scenario, attached: readonly Party[], ending: Ending): void {
  const before = mirrorsIn(build(layout).tables);
  const found = mirrorsIn(ending.world.tables);
  for (const [bridge, ofBridge] of Map.groupBy(found, ({ bridge }) => bridge)) {
    assert(ofBridge.length <= MOST_MIRRORS, `${bridge} has ${ofBridge.length} mirrors`);
  }
  // Whoever dies may leave a row that nobody uses, and others may not come past it any more.
  const isCalm = ending.actors.every(({ struck }) => !struck);
  for (const name of new Set([...before, ...found].map(({ name }) => name))) {
    const old = before.find((mirror) => mirror.name === name);
    const calls = attached.map(({ call }) => call)
      .filter(({ mirrors }) => mirrors.some((mirror) => mirror.name === name));
    judgeMirror(old, calls, found.filter((mirror) => mirror.name === name), isCalm);
  }
}

/** Each row has all sources, and each output one row. */
function judgeMirror(
  old: MirrorLayout | undefined,
  calls: readonly MirrorCall[],
  rows: readonly MirrorLayout[],
  isCalm: boolean,
): void {
  const portsIn = (column: PortColumn, before: readonly string[] = []) =>
    [
      ...before,
      ...calls.filter(({ role }) => ROLES[role.name].columns.includes(column))
        .flatMap(({ ports }) => ports),
    ].sort();
  const src = portsIn("select_src_port", old?.src);
  const dst = portsIn("select_dst_port", old?.dst);
  const outputs = portsIn("output_port", old?.output === undefined ? [] : [old.output]);
  const bridge = old?.bridge ?? calls[0]?.bridge ?? rows[0]?.bridge;
  for (const row of rows) {
    const { owner = OURS } = old ?? {};
    assertEquals({ ...row, output: undefined }, {
      ...row,
      bridge,
      owner,
      src,
      dst,
      output: undefined,
    });
  }
  assertEquals(rows.flatMap(({ output }) => output ?? []).sort(), outputs);
  const least = old || src.length > 0 || dst.length > 0
    ? Math.max(1, outputs.length)
    : outputs.length;
  if (isCalm) assertEquals(rows.length, least, `${rows[0]?.name} has ${rows.length} rows`);
}

function isEmptyAndOurs({ owner, src, dst, output, others }: MirrorLayout): boolean {
  return owner === OURS && !src?.length && !dst?.length && output === undefined && !others;
}

/** What is attached is on record. What is on record is attached, unless a call was struck. */
function judgeRecords(
  parties: readonly Party[],
  attached: readonly Party[],
  { world, actors }: Ending,
): void {
  const names = (some: readonly Party[]) => some.map(({ call }) => entryOf(call)).sort();
  const struck = parties.filter((_, index) => actors[index]!.struck);
  const found = [...world.files.keys()].filter((name) => !names(struck).includes(name)).sort();
  assertEquals(found, names(attached.filter((party) => !struck.includes(party))));
  for (const party of attached) assert(world.files.has(entryOf(party.call)), entryOf(party.call));
}

function entryOf(call: MirrorCall): string {
  return `${containerOf(call)}-${call.attachment.ifname}_${ROLES[call.role.name].suffix}`;
}

/** A call that was killed or cut off can be repeated, and then does what it should have done. */
async function judgeRepeated({ parties }: Scenario, { world, actors }: Ending): Promise<void> {
  const again = new World(world.tables, world.files);
  const call = (command: Party["command"], party: Party): Promise<Outcome> =>
    again.call("again", party.call.role, requestFor(command, party.call), AT_ONCE);
  for (const party of parties.filter((_, index) => actors[index]!.struck)) {
    if (party.command === "GC" || refusals(again.tables, party.call).size > 0) continue;
    const { code, message } = await call(party.command, party);
    assertEquals(code, 0, `${party.command}, repeated: ${message}`);
    const checked = await call("CHECK", party);
    assertEquals(checked.code === 0, party.command !== "DEL", checked.message);
  }
}

/** DEL takes everything back, even if the runtime knows nothing but the container's name. */
async function judgeEnd({ layout, parties }: Scenario, { world }: Ending): Promise<void> {
  const after = new World(world.tables, world.files);
  for (const { call } of parties) {
    const request = requestFor("DEL", call, { hasForgotten: true });
    const { code, message } = await after.call("after", call.role, request, AT_ONCE);
    assertEquals(code, 0, message);
  }
  const before = mirrorsIn(build(layout).tables).filter((mirror) => !isEmptyAndOurs(mirror));
  assertEquals(mirrorsIn(after.tables), before);
  assertEquals([...after.files], []);
}
