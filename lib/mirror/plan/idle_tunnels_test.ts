import { assertEquals } from "@std/assert";
import { stringMap } from "../../ovsdb/value.ts";
import { askTunnels, removeTunnels } from "./idle_tunnels.ts";

const REMOTE = stringMap({ "ovs-mirror-remote": "gre:192.0.2.10" });

/** An empty mirror, but for an output. */
function leaving(id: string, output?: string) {
  return { id, fromConsumer: false, ...(output && { output }) };
}

/** The ports that a plan takes off the bridge. */
function removed({ operations }: ReturnType<typeof removeTunnels>): unknown[] {
  return operations.flatMap((one) =>
    one.op === "mutate" ? one.mutations.map(([, , id]) => id) : []
  );
}

Deno.test("askTunnels() asks once for each port, and leaves out those that are none of a tunnel", () => {
  const { operations, read } = askTunnels([
    leaving("a", "t"),
    leaving("b", "t"),
    leaving("c", "p"),
  ]);
  assertEquals(operations.length, 4);
  const rows = (...rows: object[]) => ({ rows }) as { rows: never[] };
  const users = [{ _uuid: ["uuid", "a"] }, { _uuid: ["uuid", "b"] }];
  const answers = [rows({ external_ids: REMOTE }), rows(...users)];
  const none = [rows({ external_ids: stringMap({}) }), rows({ _uuid: ["uuid", "c"] })];
  assertEquals(read([...answers, ...none]), new Map([["t", ["a", "b"]]]));
  assertEquals(read([...answers, rows(), rows()]), new Map([["t", ["a", "b"]]]));
});

Deno.test("removeTunnels() keeps a port that another mirror has, and mirrors that have a consumer", () => {
  const mirrors = [leaving("a", "t"), leaving("b", "u"), leaving("c", "p"), leaving("d")];
  const users = new Map([["t", ["a"]], ["u", ["b", "other"]]]);
  const plan = removeTunnels(mirrors, users);
  assertEquals(removed(plan), [["uuid", "t"]]);
  assertEquals(plan.mirrors.map(({ id }) => id), ["a", "b", "d"]);
  assertEquals(removed(removeTunnels(mirrors, users, ["t"])), []);
});
