import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { ProtocolError } from "./error.ts";
import { OperationError, operationResults, selectedRows } from "./result.ts";
import { guard, type Operation, type Wait } from "./operation.ts";

const SELECT: Operation = { op: "select", table: "Bridge", where: [] };
const WAIT = guard("Mirror", [["name", "==", "m1"]], []);

Deno.test("guard() makes a wait that fails at once", () => {
  assertEquals(guard("Mirror", [["name", "==", "m1"]], ["a", "b"]), {
    op: "wait",
    table: "Mirror",
    where: [["name", "==", "m1"]],
    columns: ["_uuid"],
    until: "==",
    rows: [{ _uuid: ["uuid", "a"] }, { _uuid: ["uuid", "b"] }],
    timeout: 0,
  });
});

Deno.test("guard() without rows says that there is none", () => {
  assertEquals((WAIT as Wait).rows, []);
});

Deno.test("operationResults() returns one answer per operation", () => {
  const answers = [{ rows: [] }, {}];
  assertEquals(operationResults([SELECT, WAIT], answers), answers);
  assertEquals(operationResults([], []), []);
});

Deno.test("operationResults() throws the error of the operation that failed", () => {
  const answers = [{ rows: [] }, { error: "timed out", details: '"where" clause test' }, null];
  const error = assertThrows(
    () => operationResults([SELECT, WAIT, SELECT], answers),
    OperationError,
  );
  assertEquals([error.error, error.details], ["timed out", '"where" clause test']);
  assertStrictEquals(error.operation, WAIT);
});

Deno.test("operationResults() throws the error of a commit that failed", () => {
  const answers = [{ rows: [] }, { error: "referential integrity violation", details: 1 }];
  const error = assertThrows(() => operationResults([SELECT], answers), OperationError);
  assertEquals(error.message, "referential integrity violation");
  assertEquals([error.details, error.operation], [undefined, undefined]);
});

Deno.test("operationResults() refuses replies that do not answer each operation", () => {
  for (const result of [undefined, null, {}, "[]", [], [{}]]) {
    assertThrows(() => operationResults([SELECT, WAIT], result), ProtocolError, "each operation");
  }
});

Deno.test("operationResults() refuses answers that are not objects", () => {
  for (const answer of [null, 1, "a", true, undefined]) {
    assertThrows(() => operationResults([SELECT], [answer]), ProtocolError, "not an object");
  }
});

Deno.test("selectedRows() returns the rows", () => {
  assertEquals(selectedRows({ rows: [{ name: "br1" }] }), [{ name: "br1" }]);
  assertEquals(selectedRows({ rows: [] }), []);
});

Deno.test("selectedRows() refuses an answer without rows", () => {
  for (const result of [undefined, {}, { count: 1 }, { rows: "a" as unknown as [] }]) {
    assertThrows(() => selectedRows(result), ProtocolError, "no rows");
  }
});

Deno.test("selectedRows() refuses rows that are not objects", () => {
  for (const row of [null, 1, "a"]) {
    const result = { rows: [row] } as unknown as { rows: [] };
    assertThrows(() => selectedRows(result), ProtocolError);
  }
});
