/**
 * Bridges with many ports.
 *
 * @module
 */

import { BRIDGE } from "../../tests/support/cni/pods.ts";
import type { Switch } from "../../tests/support/ovs/switch.ts";

/** Makes `$1` pairs of interfaces, each with one end for the bridge. */
const MAKE_PAIRS = `
for number in $(seq 0 $(($1 - 1))); do
  echo "link add idle$number type veth peer name other$number"
  echo "link set idle$number up"
done | ip -batch -
`;

/**
 * Gives the bridge ports that carry nothing, and waits until the switch has them.
 *
 * @param count How many.
 */
export async function fill(vswitch: Switch, count: number): Promise<string[]> {
  const { db, node } = vswitch;
  await node.succeed("sh", "-ec", MAKE_PAIRS, "sh", String(count));
  const names = Array.from({ length: count }, (_, index) => `idle${index}`);
  await db.addPortRows(BRIDGE, {}, ...names);
  await vswitch.settle();
  return names;
}
