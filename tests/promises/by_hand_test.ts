import { withoutLoss } from "../support/cni/without_loss.ts";
import { attachByHands } from "../torture/by_hand.ts";
import { Random } from "../torture/random.ts";

Deno.test("what is attached by hand leaves nothing, and disturbs no pod's own attachment", async () => {
  const options = { random: new Random("by hand"), steps: 120 };
  await withoutLoss((tally) => attachByHands(tally, options), { cases: options.steps, faults: 5 });
});
