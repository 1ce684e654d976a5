import { assertEquals, assertMatch } from "@std/assert";
import { formatTable } from "./table.ts";
import { makeMirrors } from "../../../tests/support/cli/show.ts";

const paper = { columns: 80, color: false };

const MARKS = {
  contIface: "net1",
  contNetns: "/var/run/netns/cni-1",
  contPodUid: "0b7c8c5e-8c0f-4a44-9d7e-0d0b1f2f6a11",
};

const MIRRORS = makeMirrors({
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
});

Deno.test("formatTable() has a line for each mirror and one for each of its ports", () => {
  assertEquals(
    formatTable(MIRRORS, paper),
    `\
MIRROR    BRIDGE  OWNER    PACKETS    BYTES  VERDICT
mirror-1  br1     ours           -        -  waiting for the switch
  ingress+egress  veth1        net1  pod 0b7c8c5e-8c0f-4a44-9d7e-0d0b1f2f6a11
    netns /var/run/netns/cni-1
  egress          veth2
  output          veth3
mirror-2  br1     someone     1234  56.8 kB  foreign, no sources
  output          veth3
span      br2     nobody         0      0 B  foreign, idle
  ingress+egress  all ports
  output          VLAN 100
  only            VLAN 10, 20
`,
  );
});

Deno.test("formatTable() can be read on a terminal of 20 columns", () => {
  assertEquals(
    formatTable(MIRRORS.slice(0, 1), { columns: 20, color: false }),
    `\
MIRROR    BRIDGE
  OWNER  PACKETS
  BYTES  VERDICT
mirror-1  br1
  ours         -      -
  waiting for the
  switch
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
  const rates = new Map([["2", { packets: 12.4, bytes: 1500 }]]);
  const [header, first, ...others] = formatTable(MIRRORS, { columns: 100, color: false }, rates)
    .split("\n");
  assertMatch(header!, /PACKETS {4}BYTES {2}PACKETS\/S {2}BYTES\/S {2}VERDICT$/);
  assertMatch(first!, / - {8}- {10}- {8}- {2}waiting/);
  assertMatch(others.find((line) => line.startsWith("mirror-2"))!, / 12 {3}1\.5 kB {2}foreign/);
});

Deno.test("formatTable() sums up what is too much to list", () => {
  const ports = Array.from({ length: 10_000 }, (_, index) => `p${String(index).padStart(4, "0")}`);
  const vlans = Array.from({ length: 12 }, (_, index) => index);
  const table = formatTable(
    makeMirrors({
      br1: {
        ports,
        mirrors: [{ name: "m", src: ports, columns: { select_vlan: ["set", vlans] } }],
      },
    }),
    paper,
  );
  const [last, more, only] = table.split("\n").slice(9);
  assertEquals(last, "  ingress  p0007");
  assertEquals(more, "           and 9992 more");
  assertEquals(only, "  only     VLAN 0, 1, 2, 3, 4, 5, 6, 7 and 4 more");
});

Deno.test("formatTable() escapes names", () => {
  const table = formatTable(
    makeMirrors({
      "br\n1": {
        ports: [{ name: "p\x1b[2J", marks: { contIface: "\x07" } }],
        mirrors: [{ name: "", owner: "\x9b", src: ["p\x1b[2J"] }],
      },
    }),
    paper,
  );
  assertMatch(table, /^"" +br\\u000a1 +\\u009b/m);
  assertMatch(table, /^ {2}ingress {2}p\\u001b\[2J {2}\\u0007$/m);
});

Deno.test("formatTable() marks our problems on a terminal that has colour", () => {
  const mirrors = makeMirrors({
    br1: { mirrors: [{ name: "a" }, { name: "b", owner: null }] },
  });
  const [header, ours, theirs] = formatTable(mirrors, { columns: 80, color: true }).split("\n");
  assertEquals(header!.startsWith("\x1b[2mMIRROR\x1b[0m"), true);
  assertEquals(ours!.endsWith("\x1b[31mno sources, no output\x1b[0m"), true);
  assertMatch(theirs!, / foreign, no sources, no output$/);
});

Deno.test("formatTable() says so when there is nothing to show", () => {
  assertEquals(formatTable([], paper), "There are no mirrors.\n");
});
