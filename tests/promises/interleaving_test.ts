import { assert, assertEquals } from "@std/assert";
import { BRIEF, tryAll } from "../model/interleaving/plan.ts";

Deno.test("calls at once keep the promises in every order, killed or cut off at any moment", async () => {
  const losses: string[] = [];
  let orders = 0n;
  for await (const findings of tryAll(BRIEF)) {
    orders += findings.orders;
    if (findings.loss !== undefined) losses.push(findings.loss);
  }
  assertEquals(losses, []);
  assert(orders > 500_000n);
  console.log(`${orders} orders tried`);
});
