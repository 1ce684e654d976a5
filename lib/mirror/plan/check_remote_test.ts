import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { requestOf } from "../../../tests/model/semantics/call.ts";
import { producerCall } from "../../../tests/model/switch/examples.ts";
import type { OperationResult } from "../../ovsdb/result.ts";
import { EMPTY, type Row, stringMap } from "../../ovsdb/value.ts";
import type { WantedMirror } from "../config/config.ts";
import { parseRemoteText } from "../config/remote.ts";
import { Refusal } from "../refusal.ts";
import { planRemoteCheck } from "./check_remote.ts";

const TEXT = "gre:192.0.2.10,key=7";
const IDS = parseRemoteText(TEXT);
const ONE: WantedMirror = { name: "m1", columns: ["select_src_port"], remote: IDS };

/** What ADD leaves: rows of the mirror, the port and the interface. */
const LEFT: readonly [Row[], Row[], Row[]] = [
  [{ output_port: ["uuid", "t"] }],
  [{ _uuid: ["uuid", "t"] }],
  [{ type: "gre", options: stringMap(IDS.options), ofport: 5, error: EMPTY }],
];

function judged(...answers: (readonly Row[][])[]): string {
  const mirrors = answers.map((_, index) => ({ ...ONE, name: `m${index + 1}` }));
  const results = answers.flat().map((rows): OperationResult => ({ rows }));
  try {
    planRemoteCheck(requestOf(producerCall({ mirrors }))).judge(results);
    return "";
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
}

Deno.test("planRemoteCheck() asks by the far end's mark and by what is asked of the packets", () => {
  const plain = { ...ONE, name: "m2", remote: undefined };
  const mirrors = [plain, { ...ONE, options: { snaplen: 64 } }];
  const { operations } = planRemoteCheck(requestOf(producerCall({ mirrors })));
  const mark = ["external_ids", "includes", stringMap({ "ovs-mirror-remote": TEXT })];
  assertEquals(
    operations,
    [
      {
        op: "select",
        table: "Mirror",
        where: [
          ...[["name", "==", "m1"], mark, ["select_all", "==", false]],
          ...[["select_vlan", "==", EMPTY], ["snaplen", "==", 64]],
        ],
        columns: ["output_port"],
      },
      { op: "select", table: "Port", where: [["name", "==", IDS.port], mark], columns: ["_uuid"] },
      {
        op: "select",
        table: "Interface",
        where: [["name", "==", IDS.port]],
        columns: ["type", "options", "ofport", "error"],
      },
    ] as unknown as typeof operations,
  );
});

Deno.test("planRemoteCheck() tells what became of a tunnel, also of the second", () => {
  const [mirrors, ports, [state]] = LEFT as [Row[], Row[], [Row]];
  const now = (change: Row): Row[][] => [mirrors, ports, [{ ...state, ...change }]];
  const without = Object.entries(IDS.options).filter(([name]) => name !== "key");
  const gone = `the tunnel to ${TEXT} is gone`, elsewhere = "does not send copies to";
  const cases: [what: string, Row[][], ...string[]][] = [
    ["port gone", [mirrors, [], [state]], gone],
    ["interface gone", [mirrors, ports, []], gone],
    ["mirror gone", [[], ports, [state]], elsewhere],
    ["other output", [[{ output_port: ["uuid", "q"] }], ports, [state]], elsewhere],
    ["no output", [[{ output_port: EMPTY }], ports, [state]], elsewhere],
    ["other type", now({ type: "vxlan" }), "was changed (type)"],
    ["an option less", now({ options: stringMap(Object.fromEntries(without)) }), "changed (key)"],
    ["an option more", now({ options: stringMap({ ...IDS.options, csum: "true" }) }), "(csum)"],
    [
      "another",
      now({ options: stringMap({ ...IDS.options, key: "8" }), type: "x" }),
      "(type, key)",
    ],
    ["not opened", now({ ofport: -1, error: "File exists" }), "not open the tunnel to", '"File ex'],
    ["not opened, without a word", now({ ofport: -1 }), 'key=7: ""'],
  ];
  for (const [what, answer, ...words] of cases) {
    for (const message of [judged(answer), judged(LEFT.slice(), answer)]) {
      for (const word of words) assertStringIncludes(message, word, what);
    }
  }
  const copies = [{ output_port: ["uuid", "q"] as const }, ...mirrors];
  const fine = [LEFT.slice(), now({ ofport: EMPTY }), now({ ofport: 1, error: "x" })];
  for (const answer of [...fine, [copies, ports, [state]]]) assertEquals(judged(answer), "");
  assertThrows(() => planRemoteCheck(requestOf(producerCall({ mirrors: [ONE] }))).judge([]));
});
