import { assertEquals } from "@std/assert";
import * as marks from "./external_ids.ts";

Deno.test("marks in external_ids are those that other versions and OPERATIONS know", () => {
  const consumer = (name: string) => ["map", [[`ovs-mirror-${name}`, "consumer"]]];
  assertEquals<unknown>({ ...marks }, {
    FROM_CONSUMER: consumer("options"),
    FILTER_FROM_CONSUMER: consumer("filter"),
    ALL_FROM_CONSUMER: consumer("all"),
    SHARED: consumer("shared"),
    SHARES: consumer("shares"),
    OPTIONS_OR_SHARES: ["map", ["options", "shares"].map((name) => consumer(name)[1]![0])],
    REMOTE: "ovs-mirror-remote",
    BY_HAND: ["map", [["ovs-mirror-hand", "on"]]],
    BY_HAND_PREFIX: "ovs-mirror-hand-",
  });
});
