import { assertEquals } from "@std/assert";
import type { MirrorMembers } from "./config.ts";
import { consumer, producer } from "../role.ts";
import { addOptions } from "./option_members.ts";

const READERS = { parseFilter: String };

Deno.test("addOptions() takes VLANs in any order, and null for nothing", () => {
  const wanted = [{ name: "m", columns: [] }];
  const members: MirrorMembers[] = [{ name: "m", vlans: [20, 3] }, { name: "m", vlans: [3, 20] }];
  assertEquals(addOptions(consumer, members, wanted, READERS), [
    { ...wanted[0]!, options: { vlans: [3, 20] } },
  ]);
  assertEquals(
    addOptions(producer, [{ name: "m", all: null, vlans: null }], wanted, READERS),
    wanted,
  );
});
