/**
 * Tries the properties of the pure parts, in a thread of its own.
 *
 * @module
 */

/// <reference lib="deno.worker" />

import { PROPERTIES } from "../../lib/testing/properties/mod.ts";
import { hold } from "../../lib/testing/property.ts";

/** What the worker is told. */
export interface Order {
  seed: number;
  /** Generated inputs in total, of all properties alike. */
  inputs: number;
}

/** What it tells, once per property. */
export interface Finding {
  property: string;
  inputs: number;
  /** How it does not hold, and how to see that again. */
  loss?: string;
  /** How many properties are still to come. */
  left: number;
}

self.onmessage = async ({ data: { seed, inputs } }: MessageEvent<Order>) => {
  const runs = Math.ceil(inputs / PROPERTIES.length);
  for (const [index, property] of PROPERTIES.entries()) {
    const loss = await hold(property, { seed, runs }).then(() => undefined, String);
    const left = PROPERTIES.length - 1 - index;
    self.postMessage({ property: property.name, inputs: runs, loss, left } satisfies Finding);
  }
};
