import { assertEquals, assertThrows } from "@std/assert";
import { ShapeError } from "../input/shape.ts";
import { nested } from "../../tests/model/json.ts";
import type { Command } from "./environment.ts";
import { CniError } from "./error.ts";
import { decode, parseConfiguration } from "./request.ts";
import { SUPPORTED_VERSIONS } from "./version.ts";

const prevResult = { cniVersion: "1.0.0", interfaces: [{ name: "veth1" }] };
const MINIMAL = { cniVersion: "1.1.0", name: "net", prevResult };

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Code and message of the refusal of a configuration that differs from a good one. */
function refusal(command: Command, members: Record<string, unknown>): [number, string] {
  const all = { ...MINIMAL, ...members };
  const error = assertThrows(() => parseConfiguration(command, all, true), CniError);
  return [error.code, error.message];
}

Deno.test("decode() reads a JSON object", () => {
  assertEquals(decode(encode(' {"name": "net", "ä": [1]}\n')), { name: "net", "ä": [1] });
});

Deno.test("decode() keeps a member named __proto__ as what it is", () => {
  const members = decode(encode('{"__proto__": {"bridge": "br1"}}'));
  assertEquals(Object.keys(members), ["__proto__"]);
  assertEquals(members.bridge, undefined);
});

Deno.test("decode() refuses other input with code 6 and repeats none of it", () => {
  const cases: [Uint8Array, string][] = [
    [encode(""), "standard input is empty"],
    [encode("SECRET"), "standard input is not valid JSON"],
    [encode('{"name": "net"'), "standard input is not valid JSON"],
    [encode('{"name": "net"}{}'), "standard input is not valid JSON"],
    [Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d), "standard input is not valid JSON"],
    [encode("[]"), "standard input is not a JSON object"],
    [encode("null"), "standard input is not a JSON object"],
    [encode('"SECRET"'), "standard input is not a JSON object"],
  ];
  for (const [input, message] of cases) {
    const error = assertThrows(() => decode(input), CniError);
    assertEquals([error.code, error.message], [6, message]);
  }
});

Deno.test("parseConfiguration() reads each version that is supported", () => {
  for (const cniVersion of SUPPORTED_VERSIONS) {
    const members = { ...MINIMAL, cniVersion, bridge: "br1" };
    assertEquals(parseConfiguration("ADD", members), {
      cniVersion,
      name: "net",
      prevResult: { interfaces: [{ name: "veth1" }], members: prevResult },
      members,
    });
  }
});

Deno.test("parseConfiguration() refuses other versions with code 1", () => {
  assertEquals(refusal("ADD", { cniVersion: "0.2.0" }), [1, 'cniVersion "0.2.0" is not supported']);
  assertEquals(refusal("ADD", { cniVersion: null }), [1, "cniVersion null is not supported"]);
  assertEquals(refusal("ADD", { cniVersion: undefined }), [
    1,
    "the configuration has no cniVersion",
  ]);
  const [code, message] = refusal("ADD", { cniVersion: "9".repeat(1000) });
  assertEquals([code, message.length < 100], [1, true]);
});

Deno.test("parseConfiguration() quotes a version that is no text as far as it is short", () => {
  const cases: [unknown, string][] = [["2.0.0", '"2.0.0"'], [1, "1"], [true, "true"], [
    null,
    "null",
  ]];
  for (const [cniVersion, said] of [...cases, [{}, "of that type"], [[], "of that type"]]) {
    assertEquals(refusal("ADD", { cniVersion }), [1, `cniVersion ${said} is not supported`]);
  }
});

Deno.test("parseConfiguration() refuses a version that is nested too deeply to be quoted", () => {
  assertEquals(refusal("ADD", { cniVersion: nested(100_000) })[0], 1);
});

Deno.test("parseConfiguration() refuses commands that came after the version with code 1", () => {
  const cases: [Command, string, string][] = [
    ["CHECK", "0.3.1", "CHECK does not exist in cniVersion 0.3.1"],
    ["GC", "1.0.0", "GC does not exist in cniVersion 1.0.0"],
    ["STATUS", "1.0.0", "STATUS does not exist in cniVersion 1.0.0"],
  ];
  for (const [command, cniVersion, message] of cases) {
    assertEquals(refusal(command, { cniVersion }), [1, message]);
  }
  assertEquals(parseConfiguration("CHECK", { ...MINIMAL, cniVersion: "0.4.0" }).name, "net");
});

Deno.test("parseConfiguration() refuses a network without a valid name with code 7", () => {
  for (const name of [undefined, null, "", 1, "-a", "a b", "a/b", "ä", "a\n"]) {
    assertEquals(refusal("ADD", { name }), [7, "the network has no valid name"]);
  }
  assertEquals(parseConfiguration("DEL", { ...MINIMAL, name: "0.A_b-c" }).name, "0.A_b-c");
});

Deno.test("parseConfiguration() needs prevResult for ADD and CHECK only", () => {
  for (const command of ["ADD", "CHECK"] as const) {
    for (const absent of [undefined, null]) {
      const message = `${command} needs prevResult, and the configuration has none`;
      assertEquals(refusal(command, { prevResult: absent }), [7, message]);
    }
  }
  for (const command of ["DEL", "GC", "STATUS"] as const) {
    const members = { cniVersion: "1.1.0", name: "net" };
    assertEquals(parseConfiguration(command, members, true).prevResult, undefined);
  }
});

Deno.test("parseConfiguration() needs no prevResult for a plugin that does not", () => {
  for (const command of ["ADD", "CHECK"] as const) {
    const members = { cniVersion: "1.1.0", name: "net" };
    assertEquals(parseConfiguration(command, members).prevResult, undefined);
  }
});

Deno.test("parseConfiguration() refuses an ill-formed prevResult", () => {
  const members = { ...MINIMAL, prevResult: "SECRET" };
  assertThrows(() => parseConfiguration("ADD", members), ShapeError, "prevResult is not valid");
});

Deno.test("parseConfiguration() takes any configuration for DEL", () => {
  for (const cniVersion of [undefined, null, "", "0.2.0", 1, nested(100_000)]) {
    const { cniVersion: version } = parseConfiguration("DEL", { ...MINIMAL, cniVersion });
    assertEquals(version, "1.1.0");
  }
  for (const name of [undefined, null, "", 1, "a/b"]) {
    assertEquals(parseConfiguration("DEL", { ...MINIMAL, name }).name, "");
  }
  for (const prevResult of ["x", [], { interfaces: [1] }, null]) {
    assertEquals(parseConfiguration("DEL", { ...MINIMAL, prevResult }).prevResult, undefined);
  }
  const kept = parseConfiguration("DEL", { ...MINIMAL, cniVersion: "0.3.1", name: "n" });
  assertEquals([kept.cniVersion, kept.name], ["0.3.1", "n"]);
});
