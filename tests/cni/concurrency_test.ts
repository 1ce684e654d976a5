import { Host } from "../support/cni/host.ts";
import { lacks } from "../support/run/lacks.ts";
import { assertSuccess } from "../support/cni/outcome.ts";
import { stopAfterLook } from "../support/cni/stopped.ts";
import {
  crowdOneMirror,
  mixRounds,
  overfillBridge,
  raceConsumers,
} from "../torture/concurrency.ts";
import { shareOneMirror } from "../torture/shared.ts";
import { Random } from "../torture/random.ts";
import { callInProcess } from "../support/cni/in_process.ts";
import { callPlugin } from "../support/cni/plugin.ts";
import { withoutLoss } from "../support/cni/without_loss.ts";

Deno.test("100 ADDs at once find one mirror in the end, and 100 DELs none", async () => {
  await withoutLoss((tally) => crowdOneMirror({ caller: callPlugin, tally }, 100));
});

Deno.test("200 ADDs at once do not overrun the server's queue", async () => {
  await withoutLoss((tally) => crowdOneMirror({ caller: callInProcess, tally }, 200));
});

Deno.test("producers and a consumer are added and deleted at once", async () => {
  await withoutLoss((tally) => crowdOneMirror({ caller: callPlugin, tally }, 29, 1));
});

Deno.test("100 attachments to 50 mirrors of two bridges are added and deleted at once", async () => {
  const sizes = { bridges: 2, mirrors: 50, attachments: 100, rounds: 2 };
  await withoutLoss((tally) => mixRounds({ caller: callPlugin, tally }, new Random("50"), sizes));
});

Deno.test("rounds of ADDs and DELs at once leave what was added and not deleted", async () => {
  const sizes = { bridges: 4, mirrors: 12, attachments: 60, rounds: 30 };
  await withoutLoss((tally) => mixRounds({ caller: callInProcess, tally }, new Random("4"), sizes));
});

Deno.test("of 40 mirrors made at once a bridge gets the 32 that the switch carries", async () => {
  await withoutLoss((tally) => overfillBridge({ caller: callInProcess, tally }, 40));
});

Deno.test("of consumers that race for a mirror one wins, and the others are told which", async () => {
  await withoutLoss((tally) => raceConsumers({ caller: callPlugin, tally }, 8));
});

Deno.test("shared consumers and producers of one mirror come and go", async () => {
  const share = { producers: 20, consumers: 6, rounds: 2 };
  await withoutLoss((tally) =>
    shareOneMirror({ caller: callPlugin, tally }, new Random("6"), share)
  );
});

Deno.test("a further consumer misses no producer that comes or goes at that moment", async () => {
  const share = { producers: 60, consumers: 12, rounds: 20 };
  await withoutLoss((tally) =>
    shareOneMirror({ caller: callInProcess, tally }, new Random("6"), share)
  );
});

for (const command of ["ADD", "DEL"]) {
  Deno.test({
    name: `GC does not mind ${command} in another network`,
    ignore: lacks({ strace: "strace" }),
    async fn() {
      await using host = await Host.start();
      const pod = await host.addPod();
      const other = pod.producer({ name: "other" });
      await other.add();
      const gc = host.plugin("producer", { "cni.dev/valid-attachments": [] });
      const [entry] = host.entries();
      const path = `${host.cache}/${entry!.name}`;
      assertSuccess(await stopAfterLook(gc, "GC", path, () => other.run(command)));
    },
  });
}
