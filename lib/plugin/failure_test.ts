import {
  assertEquals,
  assertInstanceOf,
  assertStrictEquals,
  assertStringIncludes,
} from "@std/assert";
import { CniError } from "../cni/error.ts";
import { toCniError } from "./failure.ts";
import { SlowFileError } from "./deadline.ts";
import { FileError } from "../input/files.ts";
import { type Reason, Refusal } from "../mirror/refusal.ts";
import type { Endpoint } from "../ovsdb/endpoint.ts";
import { ConnectionError, DeadlineError, ProtocolError, RequestError } from "../ovsdb/error.ts";
import { OperationError } from "../ovsdb/result.ts";
import { guard, type Operation } from "../ovsdb/operation.ts";

const DATABASE: Endpoint = { transport: "unix", path: "/db.sock" };
const AT = "ADD failed at the database unix:/db.sock: ";
const COMMENT: Operation = { op: "comment", comment: "" };

/** The CNI error that an error of the database becomes. */
function failure(error: unknown): CniError {
  const result = toCniError(error, "ADD", DATABASE);
  assertInstanceOf(result, CniError);
  return result as CniError;
}

Deno.test("toCniError() gives each refusal its code and keeps what it says", () => {
  const codes: Record<Reason, number> = {
    "invalid configuration": 7,
    "no port": 100,
    "no bridge": 101,
    "mirror elsewhere": 102,
    "output taken": 103,
    "unsuitable mirror": 104,
    "too many mirrors": 105,
    "not attached": 106,
    "port not opened": 109,
    "refused by policy": 110,
    "not in force": 11,
  };
  for (const [reason, code] of Object.entries(codes) as [Reason, number][]) {
    const error = failure(new Refusal(reason, "what is wrong", "what to do"));
    assertEquals([error.code, error.message, error.details], [code, "what is wrong", "what to do"]);
  }
});

Deno.test("toCniError() names no database that it does not know", () => {
  for (const [error, code] of [[new DeadlineError("x"), 11], [new ProtocolError("x"), 108]]) {
    const { code: found, message } = toCniError(error, "ADD") as CniError;
    assertEquals([found, message], [code, "ADD failed at the database: x"]);
  }
});

Deno.test("toCniError() reports a file that can't be used with code 5, also before the database is known", () => {
  for (const endpoint of [undefined, DATABASE]) {
    const error = toCniError(new FileError("/f is not valid JSON"), "DEL", endpoint) as CniError;
    assertEquals([error.code, error.message], [5, "DEL failed: /f is not valid JSON"]);
  }
});

Deno.test("toCniError() tells the runtime to try again where the database is late or away", () => {
  const late = failure(new DeadlineError("the server did not answer in time"));
  assertEquals([late.code, late.message], [11, `${AT}the server did not answer in time`]);
  const cause = new Deno.errors.NotFound("SECRET");
  const away = failure(new ConnectionError("cannot connect to unix:/db.sock", { cause }));
  assertEquals([away.code, away.message], [11, `${AT}cannot connect to unix:/db.sock (NotFound)`]);
  const broken = failure(new ConnectionError("the server closed the connection"));
  assertEquals([broken.code, broken.message], [11, `${AT}the server closed the connection`]);
});

Deno.test("toCniError() tells the runtime to try again where a file does not come in time", () => {
  const error = toCniError(
    new SlowFileError("the file system did not answer in time at /f"),
    "ADD",
    DATABASE,
  ) as CniError;
  const message = "ADD failed: the file system did not answer in time at /f";
  assertEquals([error.code, error.message], [11, message]);
});

Deno.test("toCniError() reports a database that may not be opened with code 5", () => {
  const cause = new Deno.errors.PermissionDenied();
  const error = failure(new ConnectionError("cannot connect", { cause }));
  assertEquals([error.code, error.message], [5, `${AT}cannot connect (PermissionDenied)`]);
  assertEquals(error.details, "run the plugin as root");
});

Deno.test("toCniError() reports a database that the executable was not built for with code 5", () => {
  const cause = new Deno.errors.NotCapable();
  const error = failure(new ConnectionError("cannot connect", { cause }));
  assertEquals([error.code, error.message], [5, `${AT}cannot connect (NotCapable)`]);
  assertStringIncludes(error.details!, "was built to reach");
});

Deno.test("toCniError() names the operation that the server refused", () => {
  const refused = new RequestError("unknown database");
  const cases: [RequestError, string][] = [
    [refused, 'the server refused: "unknown database"'],
    [new OperationError("I/O error"), 'the server refused to commit: "I/O error"'],
    [
      new OperationError("timed out", "why", guard("Mirror", [], [])),
      'the server refused "wait" on Mirror: "timed out: why"',
    ],
    [new OperationError("no", undefined, COMMENT), 'the server refused "comment": "no"'],
  ];
  for (const [error, message] of cases) {
    const { code, message: actual } = failure(error);
    assertEquals([code, actual], [107, AT + message]);
  }
});

Deno.test("toCniError() names a column that the schema lacks, and the version that has it", () => {
  const errors = [
    new OperationError("unknown column", "No column filter in table Mirror."),
    new OperationError("syntax error", "filter is not a valid column name"),
  ];
  for (const error of errors) {
    const { code, message, details } = failure(error);
    assertEquals([code, message], [107, `${AT}its schema has no column "filter"`]);
    assertStringIncludes(details!, "Open vSwitch 3.4");
  }
});

Deno.test("toCniError() has an I/O error of the server looked for on its disk", () => {
  assertStringIncludes(failure(new OperationError("I/O error")).details!, "is the disk full");
  assertStringIncludes(failure(new OperationError("no")).details!, "the database of Open vSwitch");
});

Deno.test("toCniError() quotes what a server says, and cuts it", () => {
  const { message } = failure(new RequestError(`no\n${"x".repeat(900_000)}`));
  assertEquals(message.length < 400, true);
  assertStringIncludes(message, 'the server refused: "no\\nxxx');
});

Deno.test("toCniError() says of another kind of server that it is none of OVSDB", () => {
  const error = failure(new ProtocolError("the server sent something that is not a JSON object"));
  assertEquals(error.code, 108);
  assertStringIncludes(error.details, "socket of ovsdb-server");
});

Deno.test("toCniError() leaves other errors as they are", () => {
  for (const error of [new TypeError("a defect"), new CniError(1, "a"), "text", undefined]) {
    assertStrictEquals(toCniError(error, "ADD", DATABASE), error);
    assertStrictEquals(toCniError(error, "ADD"), error);
  }
});
