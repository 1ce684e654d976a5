import { assertEquals, assertInstanceOf } from "@std/assert";
import {
  ConnectionError,
  DeadlineError,
  OvsdbError,
  ProtocolError,
  RequestError,
} from "./error.ts";
import { OperationError } from "./result.ts";
import { guard, type Operation } from "./operation.ts";

const WAIT = guard("Mirror", [], []);
const COMMENT: Operation = { op: "comment", comment: "" };

Deno.test("OvsdbError is the base of each error, told apart by name", () => {
  const errors = [
    new ConnectionError("a"),
    new DeadlineError("a"),
    new ProtocolError("a"),
    new RequestError("a"),
    new OperationError("a"),
  ];
  for (const error of errors) assertInstanceOf(error, OvsdbError);
  const names = errors.map(({ name }) => name);
  assertEquals(names, errors.map(({ constructor }) => constructor.name));
  assertEquals(new OvsdbError("a").name, "OvsdbError");
});

Deno.test("RequestError() puts the server's explanation behind its error", () => {
  assertEquals(new RequestError("unknown database").message, "unknown database");
  assertEquals(new RequestError("I/O error", "disk full").message, "I/O error: disk full");
});

Deno.test("isFailedGuard tells a wait that timed out from other errors", () => {
  assertEquals(new OperationError("timed out", undefined, WAIT).isFailedGuard, true);
  assertEquals(new OperationError("not supported", undefined, WAIT).isFailedGuard, false);
  assertEquals(new OperationError("timed out", undefined, COMMENT).isFailedGuard, false);
  assertEquals(new OperationError("timed out").isFailedGuard, false);
});
