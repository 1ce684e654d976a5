import { assertEquals, assertThrows } from "@std/assert";
import { ShapeError } from "../input/shape.ts";
import { nested } from "../../tests/model/json.ts";
import { CniError } from "./error.ts";
import { formatResult, parsePrevResult } from "./result.ts";
import type { CniVersion } from "./version.ts";

function passOn(result: Record<string, unknown>, cniVersion: CniVersion): unknown {
  return JSON.parse(formatResult(parsePrevResult(result), cniVersion));
}

Deno.test("parsePrevResult() reads interfaces on the host and in the container", () => {
  const interfaces = [{ name: "veth1", mac: "02:00:00:00:00:01" }, { name: "eth1", sandbox: "/a" }];
  const members = { cniVersion: "1.0.0", interfaces };
  assertEquals(parsePrevResult(members), { interfaces, members });
});

Deno.test("parsePrevResult() takes a result without interfaces or version", () => {
  for (const members of [{}, { interfaces: null }, { interfaces: [] }, { cniVersion: "0.3.0" }]) {
    assertEquals(parsePrevResult(members), { interfaces: [], members });
  }
});

Deno.test("parsePrevResult() refuses what is not a result", () => {
  const interfaces = ["a", {}, [null], ["a"], [{}], [{ name: 1 }], [{ name: "a", sandbox: 1 }]];
  const wrong = [
    null,
    [],
    "a",
    1,
    { cniVersion: 1 },
    ...interfaces.map((some) => ({ interfaces: some })),
  ];
  for (const value of wrong) assertThrows(() => parsePrevResult(value), ShapeError, "prevResult");
});

Deno.test("parsePrevResult() refuses an unknown version with code 1", () => {
  const error = assertThrows(() => parsePrevResult({ cniVersion: "SECRET" }), CniError);
  assertEquals(error.code, 1);
  assertEquals(error.message, "prevResult has a cniVersion that is not supported");
});

Deno.test("formatResult() gives the result the version of the request", () => {
  const interfaces = [{ name: "veth1", mtu: 1500, socketPath: "/s", pciID: "0000:00:1f.6" }];
  const result = { cniVersion: "0.4.0", interfaces, routes: [{ dst: "0.0.0.0/0" }], dns: {} };
  assertEquals(passOn(result, "1.1.0"), { ...result, cniVersion: "1.1.0" });
  assertEquals(passOn({}, "1.0.0"), { cniVersion: "1.0.0" });
});

Deno.test("formatResult() says before 1.0.0 whether an address is IPv4 or IPv6", () => {
  const ips = [{ address: "10.0.0.2/24" }, { address: "fd00::2/64", gateway: "fd00::1" }];
  const versioned = [{ version: "4", ...ips[0] }, { version: "6", ...ips[1] }];
  for (const cniVersion of ["0.3.0", "0.3.1", "0.4.0"] as const) {
    assertEquals(passOn({ ips }, cniVersion), { cniVersion, ips: versioned });
  }
  for (const cniVersion of ["1.0.0", "1.1.0"] as const) {
    assertEquals(passOn({ ips }, cniVersion), { cniVersion, ips });
  }
});

Deno.test("formatResult() leaves addresses that it does not understand as they are", () => {
  const ips = [null, "10.0.0.2", { address: 1 }, { version: "5", address: "10.0.0.2/24" }];
  assertEquals(passOn({ ips }, "0.4.0"), { cniVersion: "0.4.0", ips });
  assertEquals(passOn({ ips: {} }, "0.4.0"), { cniVersion: "0.4.0", ips: {} });
});

Deno.test("formatResult() refuses a result nested too deeply to be written", () => {
  const error = assertThrows(() => passOn({ deep: nested(100_000) }, "1.0.0"), CniError);
  assertEquals([error.code, error.message], [7, "prevResult is nested too deeply"]);
});
