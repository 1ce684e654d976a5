/**
 * Every order in which calls at once may do what they do, on a model of switch and files.
 *
 * @module
 */

import { type Plan, tryAll } from "../model/interleaving/plan.ts";
import type { Tally } from "./tally.ts";

/**
 * Tries every order.
 *
 * @param tally Where the different ends are counted; its figures get the number of orders.
 * @param plans Of what calls.
 */
export async function tryOrders(tally: Tally, plans: readonly Plan[]): Promise<void> {
  for await (const { orders, endings, loss } of tryAll(plans)) {
    tally.cases += endings;
    tally.sum("sets of calls", 1);
    tally.sum("orders", Number(orders));
    if (loss !== undefined) tally.losses.push(loss);
  }
}
