import { assertEquals } from "@std/assert";
import { consumes, feeds, lint, network } from "../../../tests/support/cli/lint.ts";

Deno.test("a mirror that is fed and consumed is complete, in whatever files", () => {
  assertEquals(lint(network("p", feeds("m")), network("c", consumes("m"))), []);
});

Deno.test("no-consumer and no-producer: each mirror once", () => {
  const fed = [network("p", feeds("alpha")), network("q", feeds("alpha"))];
  assertEquals(lint(...fed, network("c", consumes("beta"))), [
    '1.json:8 warning no-consumer: nobody here consumes mirror "alpha"; ' +
    "add a network that consumes it",
    '3.json:8 warning no-producer: nobody here feeds mirror "beta"; add a network that feeds it',
  ]);
});

Deno.test("no-consumer and no-producer: a misspelt name", () => {
  assertEquals(lint(network("p", feeds("mirror")), network("c", consumes("miror"))), [
    '1.json:8 warning no-consumer: nobody here consumes mirror "mirror"; did you mean "miror"?',
    '2.json:8 warning no-producer: nobody here feeds mirror "miror"; did you mean "mirror"?',
  ]);
});
