import { assertEquals } from "@std/assert";
import { exampleSwitch } from "../../../tests/model/switch/examples.ts";
import { build } from "../../../tests/model/switch/layout.ts";
import { idOf } from "../../../tests/model/database/row.ts";
import { named } from "../../../tests/model/switch/rows.ts";
import type { Operation } from "../../ovsdb/operation.ts";
import { operationResults } from "../../ovsdb/result.ts";
import { type Row, stringMap } from "../../ovsdb/value.ts";
import { nudge, takeNudgeBack } from "./in_force.ts";

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
