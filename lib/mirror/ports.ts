/**
 * Which ports a request is about.
 *
 * @module
 */

import { Refusal } from "./refusal.ts";
import type { Role } from "./role.ts";
import { portsOf, type PortState, type Snapshot } from "./snapshot.ts";
import { quote } from "../shape.ts";

/**
 * The ports that a request is about: those of the bridge, as far as that is known.
 *
 * @param request What was asked for.
 * @param snapshot The database as it was read.
 * @returns At least one port; exactly one if the role is exclusive.
 * @throws {Refusal} There is none, or there are too many.
 */
export function attachablePorts(
  { role, bridge }: { role: Role; bridge: string },
  snapshot: Snapshot,
): readonly PortState[] {
  const ports = chosenPorts(bridge, snapshot);
  if (ports.length === 0) throw noPort(bridge, snapshot);
  if (role.exclusive && ports.length > 1) {
    throw new Refusal(
      "no port",
      `Cannot tell which port of bridge ${quote(bridge)} is to be the output: ` +
        `prevResult has ${ports.map(({ name }) => quote(name)).join(", ")}`,
      "chain the consumer after a plugin that makes one port of the bridge",
    );
  }
  return ports;
}

/**
 * The ports of prevResult that are on the bridge; if there are none, those that the marks tell of.
 * A port of which the bridge is not known yet counts as on it.
 *
 * @param bridge The bridge's name.
 * @param snapshot The database as it was read.
 * @returns Any number of ports.
 */
export function chosenPorts(bridge: string, snapshot: Snapshot): readonly PortState[] {
  const holders = snapshot.details?.bridgeOfPort;
  const onBridge = ({ id }: PortState) => !holders?.has(id) || holders.get(id) === bridge;
  const byName = snapshot.ports.filter(onBridge);
  return byName.length > 0 ? byName : snapshot.attachedPorts.filter(onBridge);
}

function noPort(bridge: string, snapshot: Snapshot): Refusal {
  const elsewhere = new Set(
    portsOf(snapshot).map(({ id, name }) => {
      const holder = snapshot.details?.bridgeOfPort.get(id);
      return `; port ${quote(name)} is ` +
        (holder === undefined ? "on another bridge" : `on bridge ${quote(holder)}`);
    }),
  );
  return new Refusal(
    "no port",
    `No interface of prevResult is a port of bridge ${quote(bridge)}${[...elsewhere].join("")}`,
    "let ovs and the mirror plugins of a chain name the same bridge",
  );
}
