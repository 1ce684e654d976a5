import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import type { Row } from "../../ovsdb/value.ts";
import { Refusal } from "../refusal.ts";
import { refuseUnopened } from "./failures.ts";
import { areOpened, askOpened } from "./port_opened.ts";

Deno.test("refuseUnopened() names the port that is gone or could not be opened", () => {
  const ports = [{ name: "p1" }, { name: "p2" }];
  const there = { rows: [{}] };
  const answers = (second: Row | undefined) => [
    ...[there, { rows: [{ ofport: 1, error: ["set", []] } satisfies Row] }],
    ...[second ? there : { rows: [] }, { rows: second ? [second] : [] }],
  ];
  const said = (second?: Row): string => {
    assert(!areOpened(answers(second)));
    return assertThrows(() => refuseUnopened("br1", ports, answers(second)), Error).message;
  };
  assert(areOpened(answers({ ofport: 2, error: ["set", []] })));
  assert(areOpened(answers({ ofport: ["set", []], error: ["set", []] })));
  // Of a port whose interface is gone already, nothing is known.
  assert(areOpened(answers({ ofport: 2 }).with(3, { rows: [] })));
  assertStringIncludes(said(), 'port "p2" of bridge "br1" is gone');
  const where = 'the switch could not open port "p2" of bridge "br1": ';
  assertStringIncludes(said({ ofport: -1, error: "No such device" }), `${where}"No such device"`);
  assertStringIncludes(said({ ofport: -1, error: ["set", []] }), `${where}the switch does not`);
});

Deno.test("askOpened() asks for a tunnel's port by its name, and refuseUnopened() names its far end", () => {
  const ports = [{ name: "t1", remote: "gre:192.0.2.10" }, { id: "p", name: "p1" }];
  const where = askOpened(ports).map((one) => one.op === "select" && [one.table, one.where[0]]);
  const named = (name: string) => ["name", "==", name];
  assertEquals<unknown>(where, [
    ...[["Port", named("t1")], ["Interface", named("t1")]],
    ...[["Port", ["_uuid", "==", ["uuid", "p"]]], ["Interface", named("p1")]],
  ]);
  const answers = [{ rows: [{}] }, { rows: [{ ofport: -1, error: "File exists" }] }];
  const error = assertThrows(() => refuseUnopened("br1", ports, answers), Refusal);
  assertStringIncludes(error.message, 'could not open the tunnel to gre:192.0.2.10, port "t1"');
  assertStringIncludes(error.hint, "ERSPAN needs Open vSwitch 2.10");
});
