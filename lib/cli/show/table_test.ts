import { assertEquals, assertMatch } from "@std/assert";
import { readMirrors } from "../../observe/model.ts";
import { withRates } from "../../observe/rates.ts";
import type { Report } from "../../observe/report.ts";
import { formatTable } from "./table.ts";
import { judge } from "../../observe/verdict.ts";
import { makeReport, makeTables, type MirrorSpec } from "../../../tests/support/cli/show.ts";

const options = { columns: 80, color: false, isTerminal: true };

const MARKS = {
  contIface: "net1",
  contNetns: "/var/run/netns/cni-1",
  contPodUid: "0b7c8c5e-8c0f-4a44-9d7e-0d0b1f2f6a11",
};

const REPORT = makeReport(
  {
    br1: {
      ports: [{ name: "veth1", marks: MARKS }, "veth2", "veth3"],
      mirrors: [
        { name: "mirror-1", id: "1", src: ["veth1"], dst: ["veth1", "veth2"], out: "veth3" },
        { name: "mirror-2", id: "2", owner: "someone", carried: [1234, 56789], out: "veth3" },
      ],
    },
    br2: {
      mirrors: [{
        name: "span",
        owner: null,
        carried: [0, 0],
        columns: { select_all: true, select_vlan: ["set", [10, 20]], output_vlan: 100 },
      }],
    },
  },
  "running",
  "worker-1",
);

Deno.test("formatTable() has a line for each mirror and one for each of its ports", () => {
  assertEquals(
    formatTable(REPORT, options),
    `\
node worker-1  switch running
MIRROR    BRIDGE  OWNER    PACKETS    BYTES  DROPPED  VERDICT
mirror-2  br1     someone     1234  56.8 kB        -  foreign, no sources
  output          veth3
mirror-1  br1     ours           -        -        -  waiting for the switch
  ingress+egress  veth1        net1  pod 0b7c8c5e-8c0f-4a44-9d7e-0d0b1f2f6a11
    netns /var/run/netns/cni-1
  egress          veth2
  output          veth3
span      br2     nobody         0      0 B        -  foreign, idle
  ingress+egress  all ports
  output          VLAN 100
  only            VLAN 10, 20
`,
  );
});

Deno.test("formatTable() has one long line for each mirror where there is no terminal", () => {
  const lines = formatTable(REPORT, { ...options, isTerminal: false }).trimEnd().split("\n");
  assertEquals(lines.length, 5);
  const mirror1 = lines.find((line) => line.startsWith("mirror-1"))!;
  assertMatch(
    mirror1,
    / waiting for the switch {2}veth1 \(net1, pod 0b7c8c5e-\S+, netns \/var\/run\/netns\/cni-1, ingress\+egress\), veth2 \(egress\) {2}veth3$/,
  );
  assertMatch(lines.at(-1)!, / all ports {2,}VLAN 100; only VLAN 10, 20$/);
});

Deno.test("formatTable() says first that the switch is down", () => {
  const table = formatTable(makeReport({}, "not running", "worker-1"), options);
  assertEquals(table, "switch not running  node worker-1\nThere are no mirrors.\n");
});

/** Two outputs of one mirror, whose pods are known. */
const SHARED = makeReport({
  br1: {
    ports: [
      { name: "veth1", interfaces: [{ mtu: 1500 }] },
      { name: "veth2", interfaces: [{ mtu: 500, statistics: ["map", [["tx_dropped", 7]]] }] },
      { name: "veth3", interfaces: [{ error: "could not open (No such device)" }] },
    ],
    mirrors: [
      { name: "m", id: "1", src: ["veth1"], out: "veth2", carried: [9, 900] },
      {
        name: "m",
        id: "2",
        src: ["veth1"],
        out: "veth3",
        carried: [9, 90],
        columns: { snaplen: 64, select_vlan: 7, filter: "tcp" },
      },
    ],
  },
});

Deno.test("formatTable() tells what each of several outputs gets", () => {
  assertEquals(
    formatTable(SHARED, { ...options, columns: 160 }),
    `\
switch running
MIRROR  BRIDGE  OWNER  PACKETS    BYTES  DROPPED  VERDICT
m       br1     ours        18  <=990 B        7  output port down, output drops packets, 1 of 2 outputs gets nothing, output MTU 500 below the sources' 1500
  ingress  veth1
  output   veth2  output drops packets      9 packets, 900 B  7 dropped
  output   veth3  gone (could not open (No such device))  VLAN 7            filter tcp  first 64 bytes  9 packets, <=90 B
`,
  );
});

Deno.test("formatTable() leaves out owner and totals before a verdict has no room", () => {
  const mirror = (name: string, out: string): MirrorSpec => ({ name, src: ["p"], out });
  const report = makeReport({
    br1: { ports: ["p", "q"], mirrors: [mirror("a".repeat(35), "q"), mirror("m", "elsewhere")] },
    br2: { ports: ["elsewhere"] },
  });
  const heads = (columns: number) =>
    formatTable(report, { ...options, columns }).split("\n").filter((line) => /^\S/.test(line));
  const [, header, , long] = heads(80);
  assertEquals(header, `MIRROR${" ".repeat(31)}BRIDGE  VERDICT`);
  assertEquals(long, `${"a".repeat(35)}  br1     waiting for the switch`);
  assertMatch(heads(88)[1]!, /BRIDGE {2}DROPPED {2}VERDICT$/);
  assertMatch(heads(120)[1]!, /BRIDGE {2}OWNER {2}PACKETS {2}BYTES {2}DROPPED {2}VERDICT$/);
  assertMatch(heads(72)[1]!, /^MIRROR {2,}VERDICT$/);
});

Deno.test("formatTable() lists all sources of mirrors that were asked for, and pods first", () => {
  const ports = Array.from({ length: 20 }, (_, index) => `p${String(index).padStart(2, "0")}`);
  const tables = makeTables({ br1: { ports, mirrors: [{ name: "m", src: ports }] } });
  const podOf = (port: string) => port === "p19" ? "default/web-0" : undefined;
  const mirrors = judge(readMirrors(tables, { podOf }));
  const report: Report = { switch: "running", mirrors };
  const complete = formatTable(report, { ...options, interest: { complete: true, pods: [] } });
  assertEquals(complete.match(/ingress/g)?.length, 20);
  const first = formatTable(report, {
    ...options,
    interest: { complete: false, pods: ["default/web-0"] },
  });
  assertMatch(first.split("\n")[3]!, /^ {2}ingress {2}p19 {2} *default\/web-0$/);
  const long = formatTable(report, { ...options, isTerminal: false });
  assertMatch(long, /\bp07 \(ingress\), and 12 more/);
  assertMatch(
    formatTable(report, { ...options, isTerminal: false, interest: { complete: true, pods: [] } }),
    /, default\/web-0 \(p19, ingress\) /,
  );
});

Deno.test("formatTable() can be read on a terminal of 20 columns", () => {
  assertEquals(
    formatTable(
      { switch: "running", mirrors: REPORT.mirrors.slice(0, 1) },
      { ...options, columns: 20 },
    ),
    `\
switch running
MIRROR    VERDICT
mirror-1  waiting
  for the switch
  ingress+egress
    veth1  net1  pod
    0b7c8c5e-8c0f-4a
    44-9d7e-0d0b1f2f
    6a11  netns
    /var/run/netns/c
    ni-1
  egress
    veth2
  output
    veth3
`,
  );
});

Deno.test("formatTable() tells rates if it is given them", () => {
  const rates = new Map([["2", { packets: 12.4, bytes: 1500, dropped: 0.25 }]]);
  const mirrors = judge(withRates(REPORT.mirrors, rates));
  const table = formatTable(
    { switch: "running", mirrors },
    { ...options, columns: 120, rates: true },
  );
  const lines = table.split("\n");
  assertMatch(lines[1]!, /PACKETS {2}DROPPED {2}PACKETS\/S {2}BYTES\/S {2}DROPPED\/S {2}VERDICT$/);
  assertMatch(lines.find((line) => line.startsWith("mirror-1"))!, / - {8}- {10}- {2}waiting/);
  assertMatch(
    lines.find((line) => line.startsWith("mirror-2"))!,
    / 12 {3}1\.5 kB {8}0\.3 {2}foreign/,
  );
});

Deno.test("formatTable() sums up what is too much to list", () => {
  const ports = Array.from({ length: 10_000 }, (_, index) => `p${String(index).padStart(4, "0")}`);
  const vlans = Array.from({ length: 12 }, (_, index) => index);
  const table = formatTable(
    makeReport({
      br1: {
        ports,
        mirrors: [{ name: "m", src: ports, columns: { select_vlan: ["set", vlans] } }],
      },
    }),
    options,
  );
  const [last, more, only] = table.split("\n").slice(10);
  assertEquals(last, "  ingress  p0007");
  assertEquals(more, "           and 9992 more");
  assertEquals(only, "  only     VLAN 0, 1, 2, 3, 4, 5, 6, 7 and 4 more");
});

Deno.test("formatTable() escapes names", () => {
  const table = formatTable(
    makeReport({
      "br\n1": {
        ports: [{ name: "p\x1b[2J", marks: { contIface: "\x07" } }],
        mirrors: [{ name: "", owner: "\x9b", src: ["p\x1b[2J"] }],
      },
    }),
    options,
  );
  assertMatch(table, /^"" +br\\u000a1 +\\u009b/m);
  assertMatch(table, /^ {2}ingress {2}p\\u001b\[2J {2}\\u0007$/m);
});

Deno.test("formatTable() marks our problems on a terminal that has colour", () => {
  const report = makeReport({
    br1: { mirrors: [{ name: "a", owner: null }, { name: "b" }] },
  });
  const [, header, ours, theirs] = formatTable(report, { ...options, color: true }).split("\n");
  assertEquals(header!.startsWith("\x1b[2mMIRROR\x1b[0m"), true);
  assertEquals(ours!.endsWith("\x1b[31mno sources, no output\x1b[0m"), true);
  assertMatch(theirs!, / foreign, no sources, no output$/);
});

Deno.test("formatTable() says so when there is nothing to show", () => {
  assertEquals(formatTable(makeReport({}), options), "switch running\nThere are no mirrors.\n");
});
