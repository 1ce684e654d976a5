import { Random } from "../torture/random.ts";
import { runSequence } from "../torture/sequences.ts";
import { callInProcess } from "../support/cni/in_process.ts";
import { callPlugin } from "../support/cni/plugin.ts";
import { withoutLoss } from "../support/cni/without_loss.ts";

for (const seed of ["a", "b", "c"]) {
  Deno.test(`mirrors hold what was added, and records tell of it, in sequence ${seed}`, async () => {
    const options = { random: new Random(seed), steps: 400, caller: callInProcess };
    await withoutLoss((tally) => runSequence(tally, options), { cases: options.steps });
  });
}

Deno.test("mirrors hold what executables added, and records tell of it", async () => {
  const options = { random: new Random("d"), steps: 150, caller: callPlugin };
  await withoutLoss((tally) => runSequence(tally, options), { cases: options.steps });
});
