/**
 * Generated inputs of the pure parts.
 *
 * @module
 */

import type { Finding, Order } from "./pure_worker.ts";
import type { Random } from "./random.ts";
import type { Tally } from "./tally.ts";

/**
 * Tries all properties, beside what else is going on.
 *
 * @param tally Where inputs and properties that do not hold are counted.
 * @param random Where the seed comes from.
 * @param inputs How many inputs in total.
 */
export async function tryProperties(tally: Tally, random: Random, inputs: number): Promise<void> {
  const worker = new Worker(new URL("pure_worker.ts", import.meta.url), { type: "module" });
  const done = Promise.withResolvers<void>();
  worker.onerror = (event) => done.reject(new Error(event.message));
  worker.onmessage = ({ data: { property, inputs, loss, left } }: MessageEvent<Finding>) => {
    tally.cases += inputs;
    tally.sum("properties", 1);
    if (loss !== undefined) tally.losses.push(`${property}: ${loss}`);
    if (left === 0) done.resolve();
  };
  worker.postMessage({ seed: random.below(2 ** 31), inputs } satisfies Order);
  await done.promise.finally(() => worker.terminate());
}
