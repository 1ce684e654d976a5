import { assertEquals } from "@std/assert";
import { formatDot } from "./dot.ts";
import { formatMermaid } from "./mermaid.ts";
import { draw } from "./picture.ts";
import { readMirrors } from "../../observe/model.ts";
import { judge } from "../../observe/verdict.ts";
import { makeReport, makeTables } from "../../../tests/support/cli/show.ts";

const MARKS = { contIface: "net1", contNetns: "/run/netns/a", contPodUid: "1-2" };

const REPORT = makeReport({
  br1: {
    ports: [{ name: "veth1", marks: MARKS }, "veth2"],
    mirrors: [
      { name: "m1", src: ["veth1"], dst: ["veth1"], out: "veth2", carried: [3, 180] },
      { name: "m2", dst: ["veth1"] },
    ],
  },
  br2: {
    mirrors: [{
      name: "span",
      owner: null,
      columns: { select_all: true, select_vlan: 7, output_vlan: 8 },
    }],
  },
});

Deno.test("draw() draws a port once for all mirrors of its bridge", () => {
  const [first, second] = draw(REPORT.mirrors);
  assertEquals(first!.boxes.map(({ lines, isMirror, problem }) => [lines, isMirror, problem]), [
    [["m1", "has carried", "3 packets, 180 B"], true, false],
    [["veth1", "net1", "pod 1-2"], false, false],
    [["veth2"], false, false],
    [["m2", "no output"], true, true],
  ]);
  assertEquals(first!.arrows, [
    { from: "b0n1", to: "b0n0", label: "ingress+egress" },
    { from: "b0n0", to: "b0n2", label: "" },
    { from: "b0n1", to: "b0n3", label: "egress" },
  ]);
  assertEquals(second!.boxes.map(({ lines }) => lines), [
    ["span", "foreign, waiting for the switch", "only VLAN 7"],
    ["all ports"],
    ["VLAN 8"],
  ]);
});

Deno.test("draw() names the pod of a port", () => {
  const tables = makeTables({
    br1: { ports: [{ name: "veth1", marks: MARKS }], mirrors: [{ name: "m", src: ["veth1"] }] },
  });
  const [frame] = draw(judge(readMirrors(tables, { podOf: () => "default/web-0" })));
  assertEquals(frame!.boxes[1]!.lines, ["veth1", "default/web-0", "net1"]);
});

Deno.test("draw() draws some of many sources and tells the number of the others", () => {
  const ports = Array.from({ length: 10_000 }, (_, index) => `p${index}`);
  const [frame] = draw(
    makeReport({ br1: { ports, mirrors: [{ name: "m", src: ports }] } }).mirrors,
  );
  assertEquals([frame!.boxes.length, frame!.boxes.at(-1)!.lines], [10, ["and 9992 more"]]);
});

Deno.test("formatMermaid() writes a flowchart", () => {
  assertEquals(
    formatMermaid(REPORT),
    `\
flowchart LR
  subgraph b0["bridge br1"]
    direction LR
    b0n0{{"m1<br>has carried<br>3 packets, 180 B"}}
    b0n1["veth1<br>net1<br>pod 1-2"]
    b0n2["veth2"]
    b0n3{{"m2<br>no output"}}
    b0n1 -->|"ingress+egress"| b0n0
    b0n0 --> b0n2
    b0n1 -->|"egress"| b0n3
  end
  subgraph b1["bridge br2"]
    direction LR
    b1n0{{"span<br>foreign, waiting for the switch<br>only VLAN 7"}}
    b1n1["all ports"]
    b1n2["VLAN 8"]
    b1n1 -->|"ingress+egress"| b1n0
    b1n0 --> b1n2
  end
  classDef problem stroke:#c00,stroke-width:3px
  class b0n3 problem
`,
  );
});

Deno.test("formatDot() writes a graph", () => {
  assertEquals(
    formatDot(REPORT),
    `\
digraph mirrors {
  rankdir=LR
  node [shape=box]
  subgraph cluster_b0 {
    label="bridge br1"
    b0n0 [label="m1\\nhas carried\\n3 packets, 180 B" shape=hexagon]
    b0n1 [label="veth1\\nnet1\\npod 1-2"]
    b0n2 [label="veth2"]
    b0n3 [label="m2\\nno output" shape=hexagon color=red]
    b0n1 -> b0n0 [label="ingress+egress"]
    b0n0 -> b0n2
    b0n1 -> b0n3 [label="egress"]
  }
  subgraph cluster_b1 {
    label="bridge br2"
    b1n0 [label="span\\nforeign, waiting for the switch\\nonly VLAN 7" shape=hexagon]
    b1n1 [label="all ports"]
    b1n2 [label="VLAN 8"]
    b1n1 -> b1n0 [label="ingress+egress"]
    b1n0 -> b1n2
  }
}
`,
  );
});

const HOSTILE = makeReport({ br1: { mirrors: [{ name: '"]; a-->b\n`<b>&amp;\\#35;|' }] } });

Deno.test("formatMermaid() escapes names", () => {
  assertEquals(
    formatMermaid(HOSTILE).split("\n")[3],
    '    b0n0{{"#34;#93;#59; a--#62;b#92;u000a#96;#60;b#62;#38;amp#59;#92;#35;35#59;#124;' +
      '<br>no sources, no output"}}',
  );
});

Deno.test("formatDot() escapes names", () => {
  assertEquals(
    formatDot(HOSTILE).split("\n")[5],
    '    b0n0 [label="\\"]; a-->b\\\\u000a`<b>&amp;amp;\\\\#35;|\\nno sources, no output"' +
      " shape=hexagon color=red]",
  );
});

Deno.test("pictures of nothing are pictures too", () => {
  assertEquals(formatMermaid(makeReport({})), 'flowchart LR\n  none["there are no mirrors"]\n');
  assertEquals(
    formatDot(makeReport({})),
    'digraph mirrors {\n  rankdir=LR\n  node [shape=box]\n  none [label="there are no mirrors"]\n}\n',
  );
});
