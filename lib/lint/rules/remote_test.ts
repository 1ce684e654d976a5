import { assertEquals } from "@std/assert";
import {
  consumes,
  definition,
  feeds,
  findings,
  lint,
  network,
} from "../../../tests/support/cli/lint.ts";

const ERSPAN = { type: "erspan", address: "192.0.2.10", key: 7 };

/** A plugin whose mirror leaves the node. */
function sends(mirror: string, remote: unknown = ERSPAN, more: Record<string, unknown> = {}) {
  const { mirrors: [fed], ...plugin } = feeds(mirror) as { mirrors: object[] };
  return { ...plugin, mirrors: [{ ...fed, remote, ...more }] };
}

Deno.test("remote: copies that leave the node need no consumer, and may have one that shares", () => {
  assertEquals(lint(network("p", sends("m", ERSPAN, { snaplen: 256, filter: "tcp" }))), []);
  const shared = { ...consumes("m"), mirrors: [{ name: "m", shared: true }] };
  assertEquals(lint(network("p", sends("m")), network("c", shared)), []);
});

Deno.test("remote: one far end of a mirror, one bridge of a far end", () => {
  const other = { ...ERSPAN, key: 8 };
  assertEquals(findings(network("p", sends("m")), network("q", sends("m", other))), [
    'warning remote: mirror "m" goes to erspan:192.0.2.10,key=8 here, and to ' +
    "erspan:192.0.2.10,key=7 in 1.json:8; on one node whoever comes second is refused: use two " +
    "mirrors",
  ]);
  const onBr2 = { ...sends("m2"), bridge: "br2" };
  const plugins = [{ type: "ovs", bridge: "br2" }, onBr2];
  assertEquals(findings(network("p", sends("m")), definition({ name: "q", plugins })), [
    'warning remote: erspan:192.0.2.10,key=7 is the far end of bridge "br2" here, and of "br1" in ' +
    "1.json:8; a switch has one port for a tunnel: use another key for one of them",
  ]);
});

Deno.test("remote: a consumer that does not share, and one that mirrors the tunnel too", () => {
  assertEquals(findings(network("p", sends("m")), network("c", consumes("m"))), [
    'warning remote: mirror "m" leaves the node here, and has a consumer in 2.json:8; on one node ' +
    'whoever comes second is refused: set its "shared"',
  ]);
  const all = { ...consumes("all"), mirrors: [{ name: "all", all: true }] };
  assertEquals(findings(network("p", sends("m")), network("c", all)), [
    'warning remote: mirror "all" takes all ports of bridge "br1", and with them the packets of ' +
    "the tunnel, if they leave by one of these; send copies away by an uplink that is on no " +
    "mirrored bridge",
  ]);
});

Deno.test("remote: what is wrong with a far end is said of its value", () => {
  const cases: [plugin: unknown, finding: string][] = [
    [
      sends("m", { ...ERSPAN, key: 1024 }),
      'error value: "mirrors[0].remote.key" is 1024, and erspan carries 10 bits; use a key from 0 ' +
      "to 1023",
    ],
    [
      sends("m", { ...ERSPAN, ttl: 256 }),
      'error value: the configuration is not valid: "mirrors[0].remote.ttl" must be at most 255; ' +
      '"ovs-mirror-producer schema producer" prints all fields',
    ],
    ...["shared", "all"].map((name): [unknown, string] => [
      sends("m", ERSPAN, { [name]: true }),
      `error value: mirrors[0], "m", of a producer has "${name}"; it is the consumer that says ` +
      "which packets it gets: move it to the ovs-mirror-consumer",
    ]),
  ];
  for (const [plugin, finding] of cases) assertEquals(findings(network("p", plugin)), [finding]);
});
