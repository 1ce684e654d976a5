import { assertStringIncludes, assertThrows } from "@std/assert";
import type { Row } from "../../ovsdb/value.ts";
import { assertOpened } from "./port_opened.ts";

Deno.test("assertOpened() names the port that is gone or could not be opened", () => {
  const ports = [{ name: "p1" }, { name: "p2" }];
  const there = { rows: [{}] };
  const answers = (second: Row | undefined) => [
    ...[there, { rows: [{ ofport: 1, error: ["set", []] } satisfies Row] }],
    ...[second ? there : { rows: [] }, { rows: second ? [second] : [] }],
  ];
  const said = (second?: Row): string =>
    assertThrows(() => assertOpened("br1", ports, answers(second)), Error).message;
  assertOpened("br1", ports, answers({ ofport: 2, error: ["set", []] }));
  assertOpened("br1", ports, answers({ ofport: ["set", []], error: ["set", []] }));
  assertStringIncludes(said(), 'port "p2" of bridge "br1" is gone');
  const where = 'the switch could not open port "p2" of bridge "br1": ';
  assertStringIncludes(said({ ofport: -1, error: "No such device" }), `${where}"No such device"`);
  assertStringIncludes(said({ ofport: -1, error: ["set", []] }), `${where}the switch does not`);
});
