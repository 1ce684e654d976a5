import { assertEquals } from "@std/assert";
import { consumes, feeds, lintFiles, network } from "../../../tests/support/cli/lint.ts";

const VERSION = { cniVersion: "1.1.0" };
const MULTUS = { ...VERSION, name: "multus", type: "multus" };

/** A configuration list with a consumer and a producer, so that nothing else is found. */
function chain(members: Record<string, unknown> = {}): unknown {
  const plugins = [{ type: "ovs", bridge: "br1" }, feeds("m"), consumes("n")];
  return { ...VERSION, name: "pods", ...members, plugins };
}

function find(files: Record<string, unknown>): string[] {
  return lintFiles(files).filter((one) => one.includes(" gc: "));
}

const FOUND = (file: string, multus: string) =>
  `${file}:1 warning gc: "${multus}" is beside it: CRI-O counts the pods of both as that network's, ` +
  'and tells GC that this one has none; set "disableGC" to true beside "plugins"';

Deno.test("gc: a network beside Multus, called directly or by its shim", () => {
  for (const multus of [MULTUS, { ...VERSION, plugins: [{ type: "multus-shim" }] }]) {
    const files = { "d/00-multus.conf": multus, "d/10-pods.conflist": chain() };
    assertEquals(find(files), [FOUND("d/10-pods.conflist", "00-multus.conf")]);
  }
  // Each of several, whatever comes first.
  const files = { "a.conflist": chain(), "b.conf": MULTUS, "c.conflist": chain() };
  assertEquals(find(files), [FOUND("a.conflist", "b.conf"), FOUND("c.conflist", "b.conf")]);
});

Deno.test("gc: only where GC is called for a network with mirrors that is a file beside it", () => {
  const beside = (other: unknown, name = "d/b.conflist") =>
    find({ "d/a.conf": MULTUS, [name]: other });
  for (const disableGC of [true, "true", "True"]) assertEquals(beside(chain({ disableGC })), []);
  for (const disableGC of [false, "false", null, 1]) {
    assertEquals(beside(chain({ disableGC })).length, 1);
  }
  assertEquals(beside(chain(), "e/b.conflist"), []);
  assertEquals(beside({ ...VERSION, plugins: [{ type: "ovs", bridge: "br1" }] }), []);
  assertEquals(beside(network("n", feeds("m"))), []);
  assertEquals(find({ "d/a.conflist": { ...VERSION, type: "multus-x" }, "d/b": chain() }), []);
});
