import { assertEquals } from "@std/assert";
import {
  DAMAGED,
  formatRecord,
  isOf,
  parseRecord,
  type Part,
  withoutParts,
  withPart,
} from "./record.ts";

const ID = "00000000-0000-4000-8000-000000000001";
const OTHER_ID = "00000000-0000-4000-8000-000000000002";
const PART: Part = {
  containerId: "c",
  ifname: "eth1",
  network: "net",
  netns: "/run/netns/c",
  database: "unix:/db.sock",
  bridge: "br1",
  mirrors: [{ name: "m1", columns: ["select_src_port"] }],
  ports: [{ id: ID, name: "veth1" }],
};
const RESULT = { interfaces: [{ name: "veth1" }] };

Deno.test("formatRecord() and parseRecord() are inverse, PrevResult first", () => {
  const record = { PrevResult: RESULT, parts: [PART], others: {} };
  const text = formatRecord(record)!;
  assertEquals(text.startsWith('{"PrevResult":{'), true);
  assertEquals(parseRecord(JSON.parse(text)), record);
});

Deno.test("parseRecord() reads a record of the Go implementation, which knows the result alone", () => {
  assertEquals(parseRecord({ PrevResult: RESULT }), {
    PrevResult: RESULT,
    parts: [],
    others: {},
  });
});

Deno.test("parseRecord() reads a record of version 0.1.0 as a part without ports", () => {
  const { parts } = parseRecord({
    PrevResult: RESULT,
    network: "net",
    netns: "/run/netns/c",
    ifname: "eth1",
    bridge: "br1",
    mirrors: ["m1", 5],
  });
  const { network, netns, ifname, bridge } = PART;
  const mirrors = [{ name: "m1", columns: [] }];
  assertEquals(parts, [{ network, netns, ifname, bridge, mirrors, ports: [] }]);
});

Deno.test("parseRecord() lets what is odd in a member spoil that member alone", () => {
  const odd = { ...PART, netns: null, pod: "x", ports: [{ id: "x", name: "a" }, ...PART.ports] };
  const [part] = parseRecord({ parts: [odd, "no part"] }).parts;
  const { netns: _, ...rest } = PART;
  assertEquals(part, rest);
  const [empty] = parseRecord({ parts: [{ mirrors: {}, ports: 5, bridge: "\u0000" }] }).parts;
  assertEquals(empty, { mirrors: [], ports: [] });
});

Deno.test("parseRecord() takes what tells nothing for damaged, and formatRecord() keeps it so", () => {
  const values = [null, [], "x", 5, {}, { parts: [] }, { parts: ["x"] }];
  for (const value of values) assertEquals(parseRecord(value), DAMAGED);
  assertEquals(parseRecord(JSON.parse(formatRecord(DAMAGED)!)), DAMAGED);
});

Deno.test("parseRecord() keeps what is the ovs plugin's, and formatRecord() leaves it", () => {
  const own = { Netconf: { bridge: "br1" }, OrigIfName: "x" };
  assertEquals(parseRecord(own), { PrevResult: undefined, parts: [], others: own });
  const both = withPart(parseRecord(own), RESULT, PART);
  const text = formatRecord(withoutParts(parseRecord(JSON.parse(formatRecord(both)!)), () => true));
  assertEquals(JSON.parse(text!), own);
});

Deno.test("isOf() tells parts of an attachment in a network, as far as they say", () => {
  const owner = { containerId: "c", ifname: "eth1", network: "net" };
  assertEquals(isOf(owner)(PART), true);
  assertEquals(isOf({ ...owner, network: "" })(PART), true);
  assertEquals(isOf(owner)({ mirrors: [], ports: [] }), true);
  const others = [{ containerId: "b" }, { ifname: "eth2" }, { network: "other" }];
  for (const other of others) assertEquals(isOf({ ...owner, ...other })(PART), false);
});

Deno.test("withPart() joins what one call attached in one place, and keeps what is elsewhere", () => {
  const again: Part = {
    ...PART,
    mirrors: [{ name: "m1", columns: ["select_dst_port"] }, {
      name: "m2",
      columns: ["output_port"],
      options: ["all"],
    }],
    ports: [{ id: OTHER_ID, name: "veth2" }],
  };
  const elsewhere = [{ ...PART, bridge: "br2" }, { ...PART, database: "unix:/other.sock" }];
  const record = [PART, ...elsewhere, again].reduce(
    (record, part) => withPart(record, RESULT, part),
    DAMAGED,
  );
  assertEquals(record.parts, [...elsewhere, {
    ...PART,
    mirrors: [
      { name: "m1", columns: ["select_src_port", "select_dst_port"] },
      { name: "m2", columns: ["output_port"], options: ["all"] },
    ],
    ports: [...PART.ports, ...again.ports],
  }]);
});

Deno.test("withoutParts() forgets the result with the last part", () => {
  const other = { ...PART, containerId: "b" };
  const record = { PrevResult: RESULT, parts: [PART, other], others: {} };
  const isGone = (part: Part) => part.containerId === "c";
  const left = withoutParts(record, isGone);
  assertEquals(left, { PrevResult: RESULT, parts: [other], others: {} });
  assertEquals(formatRecord(withoutParts(left, () => true)), undefined);
});

Deno.test("withPart() forgets a port that was made again under its name", () => {
  const again = { ...PART, ports: [{ id: OTHER_ID, name: "veth1" }] };
  const record = withPart(withPart(undefined, RESULT, PART), RESULT, again);
  assertEquals(record.parts.map(({ ports }) => ports), [again.ports]);
});
