import { assertEquals } from "@std/assert";
import { explain } from "./explain.ts";
import { type Kind, ShapeError } from "../input/shape.ts";

const BOUND = '"mirrors[0].snaplen" must be at least 14';

Deno.test("explain() names the first member that is wrong and what it should be", () => {
  const cases: [Kind, unknown, string][] = [
    ["configuration", {}, '"mirrors" must be of type array'],
    ["configuration", { mirrors: [] }, '"mirrors" must not be empty'],
    ["configuration", { bridge: 1, mirrors: [{}] }, '"bridge" must be of type string'],
    ["configuration", { mirrors: [{ name: "" }] }, '"mirrors[0].name" must not be empty'],
    [
      "configuration",
      { mirrors: [{ name: "a", egress: "yes" }] },
      '"mirrors[0].egress" must be of type boolean',
    ],
    ["configuration", { mirrors: [{ name: "a", snaplen: 5 }] }, BOUND],
    [
      "configuration",
      { mirrors: [{ name: "a", snaplen: 65_536 }] },
      BOUND.replace("least 14", "most 65535"),
    ],
    ["configuration", { mirrors: { length: { toString: 0 } } }, '"mirrors" must be of type array'],
    ["configuration", {
      mirrors: [{ name: { length: { toString: 0 } } }],
    }, '"mirrors[0].name" must be of type string'],
    ["configuration file", null, "it must be of type object"],
    ["configuration file", { socket_file: [] }, '"socket_file" must be of type string'],
    ["prevResult", { interfaces: [{}] }, '"interfaces[0].name" must be of type string'],
    ["prevResult", { cniVersion: null }, '"cniVersion" must be of type string'],
    ["valid attachments", [{ containerID: "a" }], '"[0].ifname" must be of type string'],
  ];
  for (const [kind, value, fault] of cases) {
    assertEquals(explain(new ShapeError(kind, value, "x")), `x is not valid: ${fault}`);
  }
});

Deno.test("explain() says no more than that of a value that is right", () => {
  assertEquals(explain(new ShapeError("prevResult", {})), "prevResult is not valid");
});
