import { assertEquals, assertThrows } from "@std/assert";
import { exampleSwitch } from "../../../tests/model/switch/examples.ts";
import { build } from "../../../tests/model/switch/layout.ts";
import { idOf } from "../../../tests/model/database/row.ts";
import { named } from "../../../tests/model/switch/rows.ts";
import type { Operation } from "../../ovsdb/operation.ts";
import { operationResults } from "../../ovsdb/result.ts";
import { type Row, stringMap } from "../../ovsdb/value.ts";
import { bringIntoForce, canBeAwaited, nudge, readNumbers, takeNudgeBack } from "./in_force.ts";
import { renumber } from "./renumber.ts";

const OURS = { "qinq-ethtype": "802.1q" };
const THEIRS = { "qinq-ethtype": "802.1ad" };
const MARK = { "ovs-mirror-nudge": "on" };

/** What a port's settings and marks are after each of some changes. */
function changed(row: Row, ...changes: ((port: string) => Operation[])[]) {
  const database = build(exampleSwitch());
  database.transact([{ op: "update", table: "Port", where: [["name", "==", "p1"]], row }]);
  const port = () => named(database.tables.Port, "p1")[0]!;
  return changes.map((change) => {
    const operations = change(idOf(port()));
    operationResults(operations, database.transact(operations));
    const { other_config, external_ids } = port();
    return [Object.fromEntries(other_config!), Object.fromEntries(external_ids!)];
  });
}

Deno.test("nudge() switches a setting on, and off again", () => {
  assertEquals(changed({}, nudge, nudge, nudge), [[OURS, MARK], [{}, {}], [OURS, MARK]]);
  assertEquals(changed({ external_ids: stringMap(MARK) }, nudge), [[{}, {}]]);
});

Deno.test("nudge() leaves alone what others set, and ports that put a tag on packets", () => {
  for (const theirs of [OURS, THEIRS]) {
    assertEquals(changed({ other_config: stringMap(theirs) }, nudge), [[theirs, {}]]);
  }
  assertEquals(changed({ vlan_mode: "dot1q-tunnel" }, nudge), [[{}, {}]]);
});

Deno.test("takeNudgeBack() takes back what nudge() set, and nothing else", () => {
  const calmed = (port: string) => [takeNudgeBack(port)];
  assertEquals(changed({}, nudge, calmed), [[OURS, MARK], [{}, {}]]);
  assertEquals(changed({ other_config: stringMap(OURS) }, calmed), [[OURS, {}]]);
});

Deno.test("bringIntoForce() tells whose nudge is there, and whether any came or went", () => {
  const database = build(exampleSwitch());
  const ask = (...names: string[]) => {
    const ids = names.map((name) => named(database.tables.Port, name).map(idOf)[0] ?? name);
    const { operations, read } = bringIntoForce(ids);
    const { number, isNudged, nudged } = read(
      operationResults(operations, database.transact(operations)),
    );
    return { number, isNudged, nudged: nudged.map((id) => names[ids.indexOf(id)]) };
  };
  assertEquals(ask("p1"), { number: 1, isNudged: true, nudged: ["p1"] });
  assertEquals(ask("p1", "p2"), { number: 2, isNudged: true, nudged: ["p2"] });
  assertEquals(ask("p2"), { number: 3, isNudged: true, nudged: [] });
  assertEquals(ask("gone"), { number: 4, isNudged: false, nudged: [] });
});

Deno.test("readNumbers() needs both numbers", () => {
  const read = (row: Row) => readNumbers({ rows: [row] });
  assertEquals(read({ next_cfg: 0, cur_cfg: 0 }), { number: 0, current: 0 });
  for (const row of [{ next_cfg: 1 }, { cur_cfg: 1 }, { next_cfg: "1", cur_cfg: 1 }, {}]) {
    assertThrows(() => read(row as Row), Error, "does not number its changes");
  }
  assertThrows(() => readNumbers({ rows: [] }), Error, "does not number its changes");
});

Deno.test("renumber() leads from any numbers to some that can be awaited", () => {
  const most = Number.MAX_SAFE_INTEGER;
  const expected: [next: number, current: number, isFine: boolean, later: number][] = [
    [8, 7, true, 0],
    [7, 7, false, 8],
    [3, 1000, false, 1001],
    [most, 1, true, 0],
    [2 ** 53 + 2, 1, false, 2],
    [2 ** 53 + 2, 2 ** 53, false, 1],
    [1, 2 ** 60, false, 2],
  ];
  for (const [number, current, isFine, later] of expected) {
    let numbers = { number, current };
    assertEquals(canBeAwaited(numbers), isFine, `${number} ${current}`);
    const database = build(exampleSwitch());
    const row = { next_cfg: number, cur_cfg: current };
    database.transact([{ op: "update", table: "Open_vSwitch", where: [], row }]);
    while (!canBeAwaited(numbers)) {
      const { operations, read } = renumber(numbers);
      numbers = read(operationResults(operations, database.transact(operations)));
    }
    assertEquals(numbers.number, isFine ? number : later, `${number} ${current}`);
  }
});
