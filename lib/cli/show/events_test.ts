import { assertEquals } from "@std/assert";
import { makeMirrors } from "../../../tests/support/cli/show.ts";
import { events } from "./events.ts";

Deno.test("events() tells twenty of them, and of more their number", () => {
  const joined = (count: number) => {
    const ports = Array.from({ length: count }, (_, index) => `p${index}`);
    const mirrorOf = (src: readonly string[]) =>
      makeMirrors({ br1: { ports, mirrors: [{ name: "m", src }] } })[0]!;
    return events(mirrorOf([]), mirrorOf(ports));
  };
  assertEquals([joined(20).length, joined(20).at(-1)], [20, "p9 joined as ingress"]);
  assertEquals([joined(21).length, joined(21).at(-1)], [21, "1 more joined or left"]);
});
