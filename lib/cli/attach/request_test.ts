import { assertEquals, assertObjectMatch, assertRejects, assertThrows } from "@std/assert";
import { consumer, producer, type Role } from "../../mirror/role.ts";
import { CommandError } from "../errors.ts";
import { parseAttach, parseDetach } from "./request.ts";

const POD = ["--pod", "shop/web-0", "--mirror", "m"];

Deno.test("parseAttach() makes a pod a source in both directions, or those that are named", async () => {
  const { port, mirror, seconds } = await parseAttach([...POD, "--for", "10m"], producer);
  assertEquals(port.pod, ["shop/web-0"]);
  assertEquals([mirror.columns, seconds], [["select_src_port", "select_dst_port"], 600]);
  const { mirror: ingress } = await parseAttach([...POD, "--ingress"], producer);
  assertEquals(ingress.columns, ["select_src_port"]);
});

Deno.test("parseAttach() takes several names of one pod, and an IPv6 address", async () => {
  const words = ["--pod", "uid-1", "--remote", "vxlan:2001:db8::1,key=7"];
  const { port, mirror } = await parseAttach([...POD, ...words], producer);
  assertEquals(port.pod, ["shop/web-0", "uid-1"]);
  assertObjectMatch(mirror, { remote: { address: "2001:db8::1", key: 7 } });
});

Deno.test("parseAttach() gives options to the output", async () => {
  const { mirror } = await parseAttach([...POD, "--snaplen", "64", "--shared"], consumer);
  assertObjectMatch(mirror, { columns: ["output_port"], shared: true, options: { snaplen: 64 } });
  const words = [...POD, "--internal", "cap0", "--snaplen", "64"];
  const { mirror: source, internal } = await parseAttach(words, producer);
  assertEquals([source.options, internal?.name], [undefined, "cap0"]);
  assertEquals(internal?.output.options, { snaplen: 64 });
});

const OPTIONS: [words: string[], mirror: Record<string, unknown>][] = [
  [["--shared"], { shared: true }],
  [["--all"], { options: { all: true } }],
  [["--vlan", "7", "--vlan", "0"], { options: { vlans: [0, 7] } }],
  [["--snaplen", "64"], { options: { snaplen: 64 } }],
  [["--filter", "tcp"], { options: { filter: "tcp" } }],
];

Deno.test("parseAttach() knows each option of an output", async () => {
  for (const [words, members] of OPTIONS) {
    const { mirror } = await parseAttach([...POD, ...words], consumer);
    assertEquals(mirror, { name: "m", columns: ["output_port"], ...members });
  }
});

const NAMED = ["--port", "p", "--mirror", "m"];
const EITHER = "name either a pod with --pod or a port with --port";

const MISPLACED: [role: Role, words: string, kind: string][] = [
  [consumer, "--ingress", "a source"],
  [consumer, "--egress", "a source"],
  [consumer, "--internal cap0", "a source"],
  [consumer, "--remote gre:192.0.2.1", "a source"],
  [producer, "--shared --internal cap0", "an output"],
  [producer, "--all --internal cap0", "an output"],
  [producer, "--vlan 7 --internal cap0", "an output"],
  [producer, "--snaplen 64", "an output or a tunnel"],
  [producer, "--filter tcp", "an output or a tunnel"],
];

const WRONG: [role: Role, words: string[], message: string][] = [
  [producer, ["--mirror", "m"], EITHER],
  [producer, ["--pod", "a/b", "--port", "p", "--mirror", "m"], EITHER],
  [producer, ["--pod", "a/b"], "name the mirror with --mirror"],
  [producer, [...NAMED, "--interface", "eth1"], "--interface goes with --pod"],
  [
    producer,
    [...NAMED, "web-1"],
    'attach takes options only, not "web-1"; name a pod with --pod',
  ],
  ...MISPLACED.map(([role, words, kind]): [Role, string[], string] => [
    role,
    [...NAMED, ...words.split(" ")],
    `${words.split(" ")[0]} is of ${kind}; ovs-mirror-producer attaches sources, ` +
    "ovs-mirror-consumer outputs",
  ]),
  [
    producer,
    [...NAMED, "--internal", "cap0", "--remote", "gre:192.0.2.1"],
    "copies go to one place: --internal or --remote",
  ],
  ...["a/b", "0123456789abcdef"].map((name): [Role, string[], string] => [
    producer,
    [...NAMED, "--internal", name],
    `option --internal can't be "${name}"; use at most 15 letters, digits, _, . and -`,
  ]),
  [
    producer,
    [...NAMED, "--remote", "gre:192.0.2.1,color=1"],
    '"gre:192.0.2.1,color=1" is no far end of a tunnel; write TYPE:ADDRESS[,key=N], with a type ' +
    "of erspan, gre, vxlan, geneve",
  ],
  [
    producer,
    [...NAMED, "--for", "169h"],
    'option --for can\'t be "169h"; use a time such as 90s, 10m or 2h, at most 168h',
  ],
  [
    consumer,
    [...NAMED, "--vlan", "x"],
    'the command line is not valid: "vlans[0]" must be of type number',
  ],
  [
    consumer,
    [...NAMED, "--snaplen", "13"],
    'the command line is not valid: "snaplen" must be at least 14',
  ],
];

for (const [role, words, message] of WRONG) {
  Deno.test(`attach ${words.join(" ")} makes no sense of a ${role.name}`, async () => {
    const error = await assertRejects(() => parseAttach(words, role), CommandError);
    assertEquals([error.message, error.status], [message, 2]);
  });
}

Deno.test("parseAttach() takes the longest time and name", async () => {
  const words = [...NAMED, "--internal", "0123456789abcde", "--for", "168h"];
  const { internal, seconds } = await parseAttach(words, producer);
  assertEquals([internal!.name, seconds], ["0123456789abcde", 604_800]);
});

Deno.test("parseDetach() takes the words of attach, or all there is", () => {
  const words = [...POD, "--internal", "cap0", "--for", "10m", "--snaplen", "64"];
  assertEquals(parseDetach(words).what, {
    port: { pod: ["shop/web-0"], port: undefined, ifname: undefined },
    mirror: "m",
  });
  assertEquals(parseDetach(["--all"]).what, undefined);
  assertThrows(() => parseDetach(["--all", ...POD]), CommandError);
  assertThrows(() => parseDetach([]), CommandError);
});
