import { assert, assertEquals } from "@std/assert";
import { DOUBTFUL, INVALID, VALID } from "./support/filters.ts";
import { lacksFilter } from "./support/lacks_filter.ts";
import { lacksSwitch } from "./support/lacks_switch.ts";
import { Switch } from "./support/switch.ts";

const BRIDGE = "br1";

const ignore = await lacksSwitch() || await lacksFilter();

Deno.test(
  { name: "ovs-vswitchd takes the filters that can be used", ignore },
  () =>
    eachFilter([...VALID, ...DOUBTFUL.map(([text]) => text)], (text, complaints) => {
      assertEquals(complaints, [], text);
    }),
);

Deno.test(
  { name: "ovs-vswitchd refuses those that can't", ignore },
  () =>
    eachFilter(INVALID.map(([text]) => text), (text, complaints) => {
      // It reads the filter again whenever something changes, and complains again.
      assert(complaints.length > 0, text);
    }),
);

/** Gives a mirror one filter after the other, and what ovs-vswitchd logged about each to a check. */
async function eachFilter(
  texts: readonly string[],
  check: (text: string, complaints: string[]) => void,
): Promise<void> {
  await using vswitch = await Switch.start();
  await vswitch.addBridges(BRIDGE);
  const { db } = vswitch;
  await db.addMirror(BRIDGE, { name: "m1", select_all: true, output_port: await db.port(BRIDGE) });
  let seen = 0;
  for (const filter of texts) {
    await db.transact([{ op: "update", table: "Mirror", where: [], row: { filter } }]);
    await vswitch.settle();
    const log = await Deno.readTextFile(`${db.directory}/vswitchd.log`);
    check(filter, log.slice(seen).split("\n").filter((line) => line.includes("filter is invalid")));
    seen = log.length;
  }
}
