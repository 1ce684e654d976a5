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

Deno.test("parseRecord() takes of each member what has its form, and of lists what has theirs", () => {
  const read = (members: object) => parseRecord({ parts: [{ ...PART, ...members }] }).parts[0]!;
  const pod = { namespace: "default", name: "web-0" };
  const [mirror, port] = [PART.mirrors[0]!, PART.ports[0]!];
  const odd = [undefined, null, 5, {}, [], "a\0"];
  const cases: [name: keyof Part, values: unknown[], read: unknown][] = [
    ...(["containerId", "ifname", "network", "netns", "database", "bridge"] as const)
      .flatMap((name): [keyof Part, unknown[], unknown][] => [
        [name, odd, undefined],
        [name, [""], ""],
        [name, ["x"], "x"],
      ]),
    ["pod", [...odd, "x", { name: "a" }, { namespace: "a" }, { ...pod, name: 5 }], undefined],
    ["pod", [{ ...pod, namespace: "a\0" }, { ...pod, uid: 5 }, { ...pod, uid: null }], undefined],
    ["pod", [pod], pod],
    ["pod", [{ ...pod, uid: "u" }], { ...pod, uid: "u" }],
    ["ports", [...odd, [null, "x", { id: ID }, { name: "a" }, { id: 5, name: "a" }]], []],
    [
      "ports",
      [[{ ...port, id: `${ID}0` }, { ...port, id: ` ${ID}` }, { ...port, name: "a\0" }]],
      [],
    ],
    ["ports", [[{ ...port, id: ID.replace("4", "g") }, port]], [port]],
    ["mirrors", [...odd, [null, 5, {}, { name: 5 }, { name: "a\0" }, "m2"]], []],
    ["mirrors", [[{ name: "m1" }]], [{ name: "m1", columns: [] }]],
    ["mirrors", [[{ ...mirror, columns: ["select_src_port", 5], rows: [5], options: [null] }]], [
      mirror,
    ]],
    ["mirrors", [[{ ...mirror, rows: "x", options: "x", remote: 5 }]], [mirror]],
    ["mirrors", [[{ ...mirror, rows: [ID, "x"], options: ["all", 5], remote: "gre:192.0.2.1" }]], [
      { ...mirror, rows: [ID], options: ["all"], remote: "gre:192.0.2.1" },
    ]],
  ];
  for (const [name, values, expected] of cases) {
    for (const value of values) {
      assertEquals<unknown>(
        read({ [name]: value })[name],
        expected,
        JSON.stringify({ [name]: value }),
      );
    }
  }
});

Deno.test("parseRecord() knows the ovs plugin's entry by its own members", () => {
  const result = parseRecord({ PrevResult: RESULT, network: "x" });
  assertEquals(result, { PrevResult: RESULT, parts: [], others: {} });
  assertEquals(parseRecord({ network: "x" }), DAMAGED);
  const own = { Netconf: {}, network: "x" };
  assertEquals(parseRecord({ ...own, parts: [] }), {
    PrevResult: undefined,
    parts: [],
    others: own,
  });
});

Deno.test("formatRecord() says by a file's absence that nothing is on record", () => {
  const others = { Netconf: {} };
  const cases: [Parameters<typeof formatRecord>[0], string | undefined][] = [
    [{ parts: [], others: {} }, undefined],
    [DAMAGED, "{}"],
    [{ parts: [], others }, '{"Netconf":{}}'],
    [{ parts: [], others: {}, PrevResult: {} }, '{"PrevResult":{}}'],
    [{ parts: [], others, PrevResult: null }, '{"PrevResult":null,"Netconf":{}}'],
  ];
  for (const [record, text] of cases) assertEquals(formatRecord(record), text);
});

Deno.test("withPart() keeps apart what is of another place, and joins rows, options and far ends", () => {
  for (const name of ["containerId", "ifname", "network", "database", "bridge"]) {
    const other = { ...PART, [name]: "other" };
    assertEquals(withPart(withPart(undefined, RESULT, other), RESULT, PART).parts, [other, PART]);
  }
  const join = (before: Partial<Part["mirrors"][0]>, now: Partial<Part["mirrors"][0]>) => {
    const [one, other] = [before, now].map((more) => (
      { ...PART, mirrors: [{ name: "m1", columns: ["output_port"], ...more }] }
    ));
    return withPart(withPart(undefined, RESULT, one!), RESULT, other!).parts[0]!.mirrors;
  };
  const plain = { name: "m1", columns: ["output_port"] };
  assertEquals(join({}, {}), [plain]);
  assertEquals(join({ rows: [ID], options: ["all"], remote: "a" }, { rows: [OTHER_ID, ID] }), [
    { ...plain, rows: [ID, OTHER_ID], options: ["all"], remote: "a" },
  ]);
  assertEquals(join({ remote: "a" }, { options: ["all"], remote: "b" }), [
    { ...plain, options: ["all"], remote: "b" },
  ]);
  // What is elsewhere comes first, and whatever the file was damaged by is gone.
  const later = { ...PART, bridge: "br2" };
  const record = withPart(
    { parts: [PART, later], others: { Netconf: 1 }, isDamaged: true },
    RESULT,
    PART,
  );
  assertEquals(record, { PrevResult: RESULT, parts: [later, PART], others: { Netconf: 1 } });
});
