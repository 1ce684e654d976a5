import { assertEquals } from "@std/assert";
import { consumes, definition, feeds, lint, OVS_BR1 } from "../../../tests/support/cli/lint.ts";

function network(name: string, ...plugins: unknown[]): unknown {
  return definition({ name, plugins: [OVS_BR1, ...plugins] });
}

Deno.test("a mirror that is fed and consumed is complete, in whatever files", () => {
  assertEquals(lint(network("p", feeds("m")), network("c", consumes("m"))), []);
});

Deno.test("no-consumer and no-producer: each mirror once", () => {
  const fed = [network("p", feeds("alpha")), network("q", feeds("alpha"))];
  assertEquals(lint(...fed, network("c", consumes("beta"))), [
    '1.json:8 warning no-consumer: nobody here consumes mirror "alpha"; ' +
    "add a network that consumes it",
    '3.json:8 warning no-producer: nobody here feeds mirror "beta"; add a network that feeds it',
  ]);
});

Deno.test("no-consumer and no-producer: a misspelt name", () => {
  assertEquals(lint(network("p", feeds("mirror")), network("c", consumes("miror"))), [
    '1.json:8 warning no-consumer: nobody here consumes mirror "mirror"; did you mean "miror"?',
    '2.json:8 warning no-producer: nobody here feeds mirror "miror"; did you mean "mirror"?',
  ]);
});

Deno.test("two-bridges: a mirror's name is unique on a switch", () => {
  const other = { ...consumes("m"), bridge: "br2" };
  const objects = [
    network("p", feeds("m")),
    definition({ name: "c", plugins: [{ type: "ovs", bridge: "br2" }, other] }),
  ];
  assertEquals(lint(...objects), [
    '2.json:8 warning two-bridges: mirror "m" is on bridge "br2" here, and on "br1" in 1.json:8; ' +
    "a mirror's name is unique on a switch: choose another",
  ]);
});

Deno.test("two-bridges: a bridge that only ovs names is the mirror's too", () => {
  const objects = [
    network("p", { ...feeds("m"), bridge: "" }),
    network("c", consumes("m")),
  ];
  assertEquals(lint(...objects), []);
});

const names = (count: number) => Array.from({ length: count }, (_, index) => `m${index}`);

/** Findings about more mirrors than a bridge carries. */
function surplus(...objects: unknown[]): string[] {
  return lint(...objects).filter((finding) => finding.includes("too-many-mirrors"));
}

Deno.test("too-many-mirrors: the 33rd", () => {
  assertEquals(surplus(network("p", feeds(...names(32)))), []);
  assertEquals(surplus(network("p", feeds(...names(33)))), [
    '1.json:8 error too-many-mirrors: 33 mirrors are on bridge "br1"; ' +
    "the switch carries 32 per bridge: spread them over bridges or nodes",
  ]);
});

Deno.test("too-many-mirrors: those of several networks may be on several nodes", () => {
  const [finding] = surplus(
    network("p", feeds(...names(20))),
    network("q", feeds("a", ...names(32))),
  );
  assertEquals(finding?.startsWith("2.json:8 warning too-many-mirrors: 33 mirrors"), true);
});

Deno.test("no-producer: a consumer of all ports needs none", () => {
  const all = (value: unknown) => [{ name: "m", all: value }];
  const found = (value: unknown) => lint(network("c", { ...consumes("m"), mirrors: all(value) }));
  assertEquals(found(true), []);
  assertEquals(found(false).length, 1);
  const beside = { ...consumes("m"), mirrors: [{ name: "m", shared: true }] };
  const sharing = { ...consumes("m"), mirrors: [{ name: "m", shared: true, all: true }] };
  assertEquals(lint(network("c", sharing), network("d", beside)), [
    '2.json:8 warning no-producer: nobody here feeds mirror "m"; ' +
    'set "all" here too, as the other consumer has it, or use another mirror',
  ]);
});

/** A network whose consumer takes all ports of a bridge. */
function takingAll(bridge?: string, all: unknown = true): unknown {
  const plugins = [{ type: "ovs", bridge }, {
    ...consumes("m"),
    bridge,
    mirrors: [{ name: "m", all }],
  }];
  return definition({ name: "c", plugins });
}

Deno.test("all-and-producer: all ports beside single ones, as the plugins refuse it", () => {
  const found = [
    '2.json:8 error all-and-producer: mirror "m" takes all ports of the bridge, and has a ' +
    'producer in 1.json:8; leave out the producer or "all", or use two mirrors',
  ];
  assertEquals(lint(network("p", feeds("m")), takingAll("br1")), found);
  // A file on the node may name the same bridge.
  assertEquals(lint(network("p", feeds("m")), takingAll()), found);
});

Deno.test("all-and-producer: another mirror, another bridge, or not all", () => {
  const others = [network("p", feeds("n")), network("d", consumes("n"))];
  assertEquals(lint(...others, takingAll("br1")), []);
  assertEquals(lint(network("p", feeds("m")), takingAll("br1", false)), []);
  const elsewhere = lint(network("p", feeds("m")), takingAll("br2"));
  assertEquals(elsewhere.map((finding) => finding.split(" ")[2]), ["two-bridges:"]);
});
