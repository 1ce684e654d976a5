/**
 * A small switch and requests to it, for tests that are about one thing each.
 *
 * @module
 */

import { consumer, producer } from "../../../lib/mirror/role.ts";
import type { MirrorCall } from "../semantics/call.ts";
import type { Layout, MirrorLayout } from "./layout.ts";

/** The owner of mirrors that another tool made. */
export const SOMEONE_ELSE = "someone.else";

/** Two bridges; on the first, two ports. */
export function exampleSwitch(...mirrors: MirrorLayout[]): Layout {
  const marks = { contNetns: "/netns/1", contIface: "eth1" };
  return {
    bridges: ["br1", "br2"],
    ports: [
      { name: "p1", bridge: "br1" },
      { name: "p2", bridge: "br1" },
      { name: "marked", bridge: "br1", marks },
      { name: "far", bridge: "br2" },
    ],
    mirrors,
  };
}

/** A producer that is to be a source of `m1` in both directions, but for what is said otherwise. */
export function producerCall(members: Partial<MirrorCall> = {}): MirrorCall {
  return {
    role: producer,
    bridge: "br1",
    mirrors: [{ name: "m1", columns: ["select_src_port", "select_dst_port"] }],
    ports: ["p1"],
    attachment: { netns: "/netns/1", ifname: "eth1" },
    ...members,
  };
}

/** A consumer that is to be the output of `m1`, but for what is said otherwise. */
export function consumerCall(members: Partial<MirrorCall> = {}): MirrorCall {
  const mirrors: MirrorCall["mirrors"] = [{ name: "m1", columns: ["output_port"] }];
  return { ...producerCall(), role: consumer, mirrors, ...members };
}
