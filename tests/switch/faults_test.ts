import { cutEverywhere } from "../torture/cuts.ts";
import { exhaustDisks } from "../torture/disks.ts";
import { killAtSystemCalls, killPlugins } from "../torture/kills.ts";
import { answerEndlessly } from "../torture/memory.ts";
import { Random } from "../torture/random.ts";
import { answerWrongly } from "../torture/replies.ts";
import { failServer } from "../torture/server_faults.ts";
import { SETTINGS } from "../torture/victim.ts";
import { callInProcess } from "../support/cni/in_process.ts";
import { lacks } from "../support/run/lacks.ts";
import { callPlugin } from "../support/cni/plugin.ts";
import { lacksSmallDisk } from "../support/run/small_disk.ts";
import { withoutLoss } from "../support/cni/without_loss.ts";

Deno.test("a connection that is cut leaves all or nothing", async () => {
  await withoutLoss(
    (tally) => cutEverywhere(tally, { caller: callInProcess, settings: SETTINGS, stride: 101 }),
    {
      faults: 400,
    },
  );
});

Deno.test("a connection of an executable that is cut leaves all or nothing", async () => {
  await withoutLoss(
    (tally) => cutEverywhere(tally, { caller: callPlugin, settings: ["fresh"], stride: 701 }),
    {
      faults: 20,
    },
  );
});

Deno.test("a reply that is lost, wrong or late never passes for success", async () => {
  const random = new Random("replies");
  const options = { caller: callInProcess, random, settings: ["fresh"] } as const;
  await withoutLoss((tally) => answerWrongly(tally, options), { faults: 240 });
});

Deno.test("a reply without an end takes bounded time and memory", async () => {
  await withoutLoss(answerEndlessly, { faults: 12 });
});

Deno.test("a server that stops, dies or starts anew leaves all or nothing", async () => {
  await withoutLoss((tally) => failServer(tally, ["fresh"], 3), { faults: 50 });
});

Deno.test("a plugin that is killed leaves nothing that DEL does not find", async () => {
  const options = { random: new Random("kills"), settings: ["fresh"] as const, count: 4 };
  await withoutLoss((tally) => killPlugins(tally, options), { faults: 10 });
});

Deno.test({
  name: "a plugin that is killed at a system call leaves nothing that DEL does not find",
  ignore: lacks({ strace: "strace" }),
  fn: () => withoutLoss((tally) => killAtSystemCalls(tally, ["fresh"]), { faults: 20 }),
});

Deno.test({
  name: "a disk that is full or read-only keeps ADD from changing anything",
  ignore: await lacksSmallDisk(),
  fn: () => withoutLoss((tally) => exhaustDisks(tally, ["fresh"]), { faults: 12 }),
});
