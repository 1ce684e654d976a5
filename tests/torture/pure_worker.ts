/**
 * Tries the properties of the pure parts, in a thread of its own.
 *
 * @module
 */

/// <reference lib="deno.worker" />

import { attachProperties } from "../model/properties/attach.ts";
import { checkProperties } from "../model/properties/check.ts";
import { detachProperties } from "../model/properties/detach.ts";
import { PROPERTIES } from "../model/properties/mod.ts";
import { snapshotProperties } from "../model/properties/snapshot.ts";
import { staleProperties } from "../model/properties/stale.ts";
import { sweepProperties } from "../model/properties/sweep.ts";
import { hold, type Property } from "../model/property.ts";

/** The task of a worker. */
export interface Order {
  seed: number;
  /** Generated inputs in total. */
  inputs: number;
}

/** A worker's result, one per property. */
export interface Finding {
  property: string;
  inputs: number;
  /** A counterexample, and how to see it again. */
  loss?: string;
  /** Number of properties still to come. */
  left: number;
}

/** Each input of these is a whole switch, and takes as long as some of others. */
const OF_SWITCHES: ReadonlySet<Property> = new Set([
  ...attachProperties,
  ...checkProperties,
  ...detachProperties,
  ...snapshotProperties,
  ...staleProperties,
  ...sweepProperties,
]);

/** How many inputs a property gets for each that one of whole switches gets. */
const OTHERS_SHARE = 4;

self.onmessage = async ({ data: { seed, inputs } }: MessageEvent<Order>) => {
  const shares = PROPERTIES.map((one) => OF_SWITCHES.has(one) ? 1 : OTHERS_SHARE);
  const perShare = inputs / shares.reduce((sum, share) => sum + share, 0);
  for (const [index, property] of PROPERTIES.entries()) {
    const runs = Math.ceil(perShare * shares[index]!);
    const loss = await hold(property, { seed, runs }).then(() => undefined, String);
    const left = PROPERTIES.length - 1 - index;
    self.postMessage({ property: property.name, inputs: runs, loss, left } satisfies Finding);
  }
};
