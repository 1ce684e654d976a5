import { Random } from "./torture/random.ts";
import { runSequence } from "./torture/sequences.ts";
import { callInProcess } from "./support/in_process.ts";
import { callPlugin } from "./support/plugin.ts";
import { withoutLoss } from "./support/without_loss.ts";

for (const seed of ["a", "b", "c"]) {
  Deno.test(`switch and cache are what the model has after each step of sequence ${seed}`, async () => {
    const options = { random: new Random(seed), steps: 400, caller: callInProcess };
    await withoutLoss((tally) => runSequence(tally, options));
  });
}

Deno.test("executables do as the model in each step of a sequence", async () => {
  const options = { random: new Random("d"), steps: 150, caller: callPlugin };
  await withoutLoss((tally) => runSequence(tally, options));
});
