import { assertThrows } from "@std/assert";
import { assertSucceeded } from "./verdict.ts";

const RESULT = '{"cniVersion":"1.0.0","interfaces":[]}';

function left(stdout: string, code = 0) {
  return { code, stdout, stderr: "" };
}

Deno.test("assertSucceeded() takes a result of ADD, and nothing of the others", () => {
  assertSucceeded("ADD", [left(RESULT), left(RESULT)]);
  for (const command of ["CHECK", "DEL", "floor"] as const) assertSucceeded(command, [left("")]);
});

Deno.test("assertSucceeded() refuses an exit status, with what was printed", () => {
  assertThrows(
    () => assertSucceeded("DEL", [left(""), left('{"code":11}', 1)]),
    Error,
    'DEL ended with status 1: {"code":11}',
  );
});

Deno.test("assertSucceeded() refuses an ADD without result, and a CHECK with one", () => {
  for (const text of ["", "{}", "[", '{"interfaces":1}']) {
    assertThrows(() => assertSucceeded("ADD", [left(text)]), Error, "ADD printed");
  }
  assertThrows(() => assertSucceeded("CHECK", [left(RESULT)]), Error, "CHECK printed");
});
