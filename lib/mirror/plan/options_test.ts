import { assertEquals, assertThrows } from "@std/assert";
import { idOf } from "../../../tests/model/database/row.ts";
import { type MirrorCall, queryOf, requestOf } from "../../../tests/model/semantics/call.ts";
import {
  consumerCall,
  exampleSwitch,
  producerCall,
  SOMEONE_ELSE,
} from "../../../tests/model/switch/examples.ts";
import { build, type MirrorLayout } from "../../../tests/model/switch/layout.ts";
import { named, only } from "../../../tests/model/switch/rows.ts";
import { openSession } from "../../../tests/model/switch/session.ts";
import { add } from "../../../tests/model/switch/steps.ts";
import { mirrorsIn } from "../../../tests/model/switch/view.ts";
import { isFailedGuard } from "../../ovsdb/guarded.ts";
import type { Mutation, Operation, Update } from "../../ovsdb/operation.ts";
import { operationResults } from "../../ovsdb/result.ts";
import { EMPTY, readStringMap, stringMap, uuidSet, type Value } from "../../ovsdb/value.ts";
import { planAttach } from "./attach.ts";
import {
  ALL_FROM_CONSUMER,
  FILTER_FROM_CONSUMER,
  FROM_CONSUMER,
  SHARED,
  SHARES,
} from "../snapshot/external_ids.ts";
import type { MirrorOptions } from "../config/options.ts";
import { ask, type MirrorState, OWNER, type RowOptions } from "../snapshot/snapshot.ts";
import { columnsFor } from "../config/options.ts";
import { askSources, holds, marksOf, planOptions, planRow, rowsToCopy } from "./options.ts";
import { choose } from "./target_rows.ts";

const OURS = { name: "m1", bridge: "br1", owner: OWNER };
const THEIRS = { ...OURS, owner: SOMEONE_ELSE };
const TAKEN = { ...OURS, src: ["marked"], output: "p2" };

function asks(options?: MirrorOptions): MirrorCall {
  const [mirror] = consumerCall().mirrors;
  return consumerCall({ mirrors: [{ ...mirror!, shared: true, options }] });
}

/** Reports whether a plan is stopped by a guard if the mirror was changed since the database was read. */
function isStopped(mirror: MirrorLayout, call: MirrorCall, ...changes: Mutation[]): boolean {
  const database = build(exampleSwitch(mirror));
  const transact = (operations: Operation[]) =>
    operationResults(operations, database.transact(operations));
  const request = requestOf(call);
  const { operations, read } = ask({ ...queryOf(call), optionColumns: columnsFor() });
  const snapshot = read(transact(operations));
  const copied = askSources(rowsToCopy(choose(request, snapshot)));
  const sources = copied.read(transact(copied.operations));
  const plan = planAttach(request, { ...snapshot, sources }, planOptions);
  const port = uuidSet([idOf(named(database.tables.Port, "p2")[0]!)]);
  const mutations = changes.map(([column, mutator, value]): Mutation => [
    column,
    mutator,
    value === "p2" ? port : value,
  ]);
  transact([{ op: "mutate", table: "Mirror", where: [["name", "==", "m1"]], mutations }]);
  try {
    transact(plan);
    return false;
  } catch (error) {
    return isFailedGuard(error);
  }
}

const RACES: [name: string, mirror: MirrorLayout, call: MirrorCall, change: Mutation][] = [
  ["a producer", TAKEN, producerCall(), ["external_ids", "insert", ALL_FROM_CONSUMER]],
  ["options", OURS, asks({ snaplen: 64 }), ["external_ids", "insert", FROM_CONSUMER]],
  ["options", OURS, asks({ snaplen: 64 }), ["select_vlan", "insert", ["set", [7]]]],
  ["all ports", OURS, asks({ all: true }), ["select_src_port", "insert", "p2"]],
  ["a further consumer", TAKEN, asks(), ["select_src_port", "insert", "p2"]],
  ["a further consumer", TAKEN, asks(), ["select_dst_port", "insert", "p2"]],
  ["a further consumer", TAKEN, asks(), ["output_port", "delete", "p2"]],
];

for (const [name, mirror, call, change] of RACES) {
  Deno.test(`planOptions() guards ${name} against a change of ${change[0]}`, () => {
    assertEquals([isStopped(mirror, call), isStopped(mirror, call, change)], [false, true]);
  });
}

/** The refusal of an ADD, or the mirrors after it. */
async function added(mirror: MirrorLayout, call: MirrorCall) {
  const database = build(exampleSwitch(mirror));
  const refusal = await add(openSession(database).session, call);
  return refusal?.reason ?? mirrorsIn(database.tables);
}

Deno.test("planOptions() gives a further row the sources of the others, each in its column", async () => {
  const rows = await added({ ...TAKEN, dst: ["p2"] }, asks());
  const sources = { src: ["marked"], dst: ["p2"] };
  assertEquals(rows, ["p2", "p1"].map((output) => ({ ...OURS, ...sources, output })));
});

Deno.test("planOptions() refuses what can't be together, and what others decide", async () => {
  for (const [mirror, call] of [[TAKEN, asks({ all: true })], [THEIRS, asks({ snaplen: 64 })]]) {
    assertEquals(await added(mirror as MirrorLayout, call as MirrorCall), "unsuitable mirror");
  }
});

Deno.test("planOptions() leaves options of others to consumers that ask for none or the same", async () => {
  const mirror = { ...THEIRS, others: { select_vlan: ["set", [20, 10]] } as const };
  const { others: _, ...expected } = { ...mirror, src: [], dst: [], output: "p1" };
  for (const options of [undefined, { vlans: [10, 20] }]) {
    assertEquals(await added(mirror, asks(options)), [expected]);
  }
});

Deno.test("planOptions() clears a filter that a vanished consumer left", () => {
  const rowOptions = {
    ...{
      isOurs: true,
      isCopy: false,
      isShared: false,
      fromConsumer: true,
      filterFromConsumer: true,
    },
    ...{ columns: { snaplen: EMPTY }, hasSources: true },
  };
  const row = { id: "m", name: "m1", outputVlan: false, rowOptions };
  const call = requestOf(asks({ snaplen: 64 }));
  const choice = { wanted: call.mirrors[0]!, rows: [row], targets: [row], isMade: false };
  const snapshot = { mirrors: [row], ports: [], attachedPorts: [], emptyMirrors: [] };
  const [, update] = planOptions(call, { ports: [], mirrors: [choice] }, snapshot).before as [
    Operation,
    Update,
  ];
  assertEquals(update.row, { filter: EMPTY, snaplen: 64 });
});

Deno.test("planOptions() leaves what a person has set of a row of ours", async () => {
  const mirror = { ...OURS, others: { snaplen: 100 } };
  assertEquals(await added(mirror, asks({ snaplen: 64 })), "unsuitable mirror");
});

/** A row of `m1` that is ours, with marks and columns. */
function marked(output: string | undefined, marks: Value[], columns: MirrorLayout["others"] = {}) {
  const entries = marks.flatMap((mark) => [...readStringMap(mark)]);
  const external_ids = stringMap({ owner: OWNER, ...Object.fromEntries(entries) });
  return { ...OURS, output, others: { ...columns, external_ids } };
}

type Members = Partial<MirrorCall["mirrors"][number]>;

/** Why a consumer is refused, or the rows of `m1` after its ADD: output, marks, columns. */
async function after(members: Members, rows: MirrorLayout[]): Promise<string> {
  const database = build(exampleSwitch(...rows));
  const [mirror] = consumerCall().mirrors;
  const call = consumerCall({ mirrors: [{ ...mirror!, ...members }] });
  const refusal = await add(openSession(database).session, call);
  if (refusal) return refusal.message.replace(/.*": /, "");
  const { Port, Mirror } = database.tables;
  return named(Mirror, "m1").map((row) => {
    const [output = "no"] = [...row.output_port!.keys()].map((id) =>
      only(Port.get(`${id}`)!, "name")
    );
    const marks = [...row.external_ids!.keys()].map(String).filter((name) => name !== "owner");
    const columns = ["select_all", "select_vlan", "snaplen"].flatMap((
      name,
    ) => [...row[name]!.keys()]);
    const words = [
      output,
      ...marks.map((name) => name.replace("ovs-mirror-", "")).sort(),
      ...columns,
    ];
    return words.filter((word) => word !== false).join(" ");
  }).sort().join("; ");
}

Deno.test("planOptions() marks what came with a consumer, and whether others may join it", async () => {
  const [small, whole] = [{ snaplen: 64 }, { select_all: true }];
  const options = small, shared = true, all = { options: { all: true } };
  const free = marked(undefined, []), plain = marked("p1", []);
  const takesAll = marked("p2", [FROM_CONSUMER, ALL_FROM_CONSUMER], whole);
  const hadAll = { ...takesAll, output: undefined };
  const shares = marked("p1", [SHARES]), others = marked("p2", [SHARES]);
  const copy = marked("p1", [SHARED]), idle = marked(undefined, [SHARED]);
  const cases: [what: string, Members, MirrorLayout[], string][] = [
    ["one is made", { options }, [], "p1 options 64"],
    ["for several", { shared }, [], "p1 shares"],
    [
      "with all",
      { shared, options: { all: true, vlans: [7, 8] } },
      [],
      "p1 all options shares true 7 8",
    ],
    ["a free one", { shared }, [free], "p1 shares"],
    ["a free one gets options", { options }, [free], "p1 options 64"],
    ["a free one of who had others", { options }, [hadAll], "p1 options 64"],
    ["a free one of who had some, none now", { shared }, [hadAll], "p1 shares"],
    ["a free one of who shared", {}, [{ ...shares, output: undefined }], "p1"],
    ["own, again", { shared }, [shares], "p1 shares"],
    ["own, not for others any more", {}, [shares], "p1"],
    ["own, a copy", { shared }, [copy, others], "p1 shared; p2 shares"],
    ["own, same options", { options }, [marked("p1", [FROM_CONSUMER], small)], "p1 options 64"],
    ["own, others", { options }, [marked("p1", [FROM_CONSUMER], { snaplen: 9 })], "p1 options 64"],
    ["a person's, same options", { options }, [marked(undefined, [], small)], "p1 64"],
    ["a further one", { shared, options }, [others], "p1 options shared 64; p2 shares"],
    [
      "a further one, all of all",
      { shared, ...all },
      [takesAll],
      "p1 all options shared true; p2 all options true",
    ],
    [
      "a further one with all",
      { shared, ...all },
      [others],
      '"all" takes all ports of the bridge, and another consumer of it does not',
    ],
    [
      "a further one beside all",
      { shared },
      [takesAll],
      "another consumer of it takes all ports of the bridge",
    ],
    [
      "beside a person's",
      { shared },
      [{ ...THEIRS, output: "p2" }],
      "it has an output already, and is not of the plugins' making",
    ],
    [
      "a person's has others",
      { options },
      [marked(undefined, [], { snaplen: 65, select_vlan: 7 })],
      'somebody else has set "select_vlan", "snaplen" of it',
    ],
    ["who has gone had others", { options: { vlans: [9] } }, [
      marked(undefined, [FROM_CONSUMER], { snaplen: 65, select_vlan: 7 }),
    ], "p1 options 9"],
    ["own, not of all any more", { shared }, [{ ...takesAll, output: "p1" }], "p1 shares"],
    ["a free copy", { shared }, [idle], "p1 shared"],
    ["own, a copy, beside one that had all", { shared }, [copy, hadAll], "p1 shared"],
    ["a copy without a use goes", { shared }, [plain, idle], "p1 shares"],
    ["beside a copy one without a use goes", { shared }, [copy, free], "p1 shared"],
    ["two that are no copies stay", {}, [plain, free], "p1; p1"],
    [
      "a person's copy stays",
      { shared },
      [plain, { ...idle, others: { external_ids: SHARED } }],
      "no shared; p1 shares",
    ],
    [
      "a copy to a VLAN stays",
      { shared },
      [plain, marked(undefined, [SHARED], { output_vlan: 9 })],
      "no shared; p1 shares",
    ],
    ["a copy in use stays", { shared }, [plain, { ...copy, output: "p2" }], "p1 shares; p2 shared"],
  ];
  for (const [what, members, rows, expected] of cases) {
    assertEquals(await after(members, rows), expected, what);
  }
});

Deno.test("planOptions() lets producers join unless a consumer takes all ports", async () => {
  const whole = { select_all: true };
  const cases: [MirrorLayout, boolean][] = [
    [marked("p2", [FROM_CONSUMER, ALL_FROM_CONSUMER], whole), false],
    [marked("p2", [FROM_CONSUMER], { snaplen: 64 }), true],
    [marked("p2", [], whole), true],
  ];
  for (const [mirror, joins] of cases) {
    const database = build(exampleSwitch(mirror));
    const refusal = await add(openSession(database).session, producerCall());
    const why = "its consumer takes all ports of the bridge";
    assertEquals([refusal === undefined, refusal?.message.endsWith(why)], [
      joins,
      joins ? undefined : true,
    ]);
  }
});

Deno.test("planOptions() marks nothing anew that is so already, and lets producers join what is no consumer's", () => {
  const planned = (call: MirrorCall, rowOptions?: Partial<RowOptions>) => {
    const row: MirrorState = {
      ...{ id: "m", name: "m1", outputVlan: false },
      ...(rowOptions && { rowOptions: { ...PLAIN, columns: {}, ...rowOptions } }),
    };
    const [wanted] = call.mirrors;
    const choice = { wanted: wanted!, rows: [row], targets: [row], isMade: false };
    const snapshot = { mirrors: [row], ports: [], attachedPorts: [], emptyMirrors: [] };
    const { before } = planOptions(requestOf(call), { ports: [], mirrors: [choice] }, snapshot);
    return before.map(({ op }) => op).join(" ");
  };
  const [plain] = consumerCall().mirrors;
  const alone = consumerCall({ mirrors: [plain!] });
  assertEquals([planned(asks(), { isShared: true }), planned(asks(), {})], ["wait", "wait mutate"]);
  assertEquals([planned(alone, { isShared: true }), planned(alone, {})], ["wait mutate", "wait"]);
  assertEquals(planned(asks(), { isCopy: true }), "wait");
  const [whole, part] = [{ select_all: true }, { select_all: false }];
  const producer = producerCall();
  for (const fromConsumer of [true, false]) {
    assertEquals(planned(producer, { fromConsumer, columns: part }), "wait");
  }
  assertEquals([planned(producer, { columns: whole }), planned(producer)], ["wait", "wait"]);
  const refused = () => planned(producer, { fromConsumer: true, columns: whole });
  assertThrows(refused, Error, "its consumer takes all ports of the bridge");
});

const PLAIN: RowOptions = {
  ...{ isOurs: true, isCopy: false, isShared: false, fromConsumer: false, hasSources: false },
  ...{ filterFromConsumer: false, columns: { filter: EMPTY, snaplen: EMPTY } },
};

Deno.test("planRow() sets a filter with its mark, and takes the mark back with it", () => {
  const planned = (options: MirrorOptions, rowOptions: Partial<RowOptions>) => {
    const row: MirrorState = {
      ...{ id: "m", name: "m1", outputVlan: false, rowOptions: { ...PLAIN, ...rowOptions } },
    };
    const [guard, update, mark] = planRow(options, row, () => new Error() as never);
    if (guard?.op !== "wait") throw new Error("nothing is guarded");
    return [
      guard.where.slice(1),
      update?.op === "update" && update.row,
      mark?.op === "mutate" && mark.mutations.map(([, mutator]) => mutator),
    ];
  };
  const fromConsumer = ["external_ids", "includes", FROM_CONSUMER];
  const excluded = ["external_ids", "excludes", FROM_CONSUMER];
  const plain = [["filter", "==", EMPTY], ["snaplen", "==", EMPTY], excluded];
  const filtered = [["filter", "==", "tcp"], ["snaplen", "==", EMPTY], fromConsumer];
  const had = { fromConsumer: true, filterFromConsumer: true };
  const tcp = { filter: "tcp", snaplen: EMPTY };
  assertEquals<unknown>([
    planned({ filter: "tcp" }, {}),
    planned({}, {}),
    planned({}, { ...had, columns: tcp }),
    planned({ filter: "udp", all: true }, { ...had, columns: tcp }),
  ], [
    [plain, tcp, ["insert", "insert", "delete"]],
    [plain, false, false],
    [filtered, { filter: EMPTY, snaplen: EMPTY }, ["delete", "delete", "delete"]],
    [
      [...filtered, ["select_src_port", "==", EMPTY], ["select_dst_port", "==", EMPTY]],
      { filter: "udp", snaplen: EMPTY, select_all: true },
      ["insert", "insert", "insert"],
    ],
  ]);
  assertEquals(planRow({ all: true }, { id: "m", name: "m1", outputVlan: false }, refuseAll), []);
});

const refuseAll = () => new Error() as never;

Deno.test("marksOf() has a mark for any option, and one for each that needs its own", () => {
  assertEquals(marksOf({}), []);
  assertEquals(marksOf({ snaplen: 64 }), [FROM_CONSUMER]);
  assertEquals(marksOf({ filter: "tcp" }), [FROM_CONSUMER, FILTER_FROM_CONSUMER]);
  assertEquals(marksOf({ all: true }), [FROM_CONSUMER, ALL_FROM_CONSUMER]);
});

Deno.test("holds() compares sets in any order, and one element with a set of one", () => {
  const holding = (select_vlan: Value, vlans?: number[]) =>
    holds({ ...PLAIN, columns: { select_vlan, snaplen: EMPTY } }, vlans ? { vlans } : {});
  assertEquals([holding(["set", [2, 1]], [1, 2]), holding(1, [1]), holding(EMPTY)], [
    true,
    true,
    true,
  ]);
  assertEquals([holding(["set", [2, 1]], [1]), holding(1, [2]), holding(1)], [false, false, false]);
  const more = { select_vlan: EMPTY, snaplen: 64 };
  assertEquals([
    holds({ ...PLAIN, columns: more }, {}),
    holds({ ...PLAIN, columns: more }, { snaplen: 64 }),
  ], [false, true]);
});
