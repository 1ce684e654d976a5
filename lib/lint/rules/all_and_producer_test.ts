import { assertEquals } from "@std/assert";
import { consumes, definition, feeds, lint, network } from "../../../tests/support/cli/lint.ts";

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
