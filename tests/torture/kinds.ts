/**
 * All kinds of torture, with how much of each is applied.
 *
 * @module
 */

import { WHOLE } from "../model/interleaving/plan.ts";
import { callInProcess } from "../support/cni/in_process.ts";
import { callPlugin } from "../support/cni/plugin.ts";
import type { Packages } from "../support/run/programs.ts";
import { attachByHands } from "./by_hand.ts";
import { crowdOneMirror, mixRounds, overfillBridge, raceConsumers } from "./concurrency.ts";
import type { Trials } from "./crowd.ts";
import { cutEverywhere } from "./cuts.ts";
import { exhaustDisks } from "./disks.ts";
import { damageFiles } from "./installer.ts";
import { killAtSystemCalls, killPlugins } from "./kills.ts";
import { answerEndlessly } from "./memory.ts";
import { tryOrders } from "./orders.ts";
import { tryProperties } from "./pure.ts";
import type { Random } from "./random.ts";
import { troubleRecords } from "./records.ts";
import { answerWrongly } from "./replies.ts";
import { runSequences } from "./sequences.ts";
import { failServer } from "./server_faults.ts";
import { shareOneMirror } from "./shared.ts";
import type { Tally } from "./tally.ts";
import { SETTINGS } from "./victim.ts";

/** Random steps by executables; each takes some 50 ms on two cores. */
const STEPS = Number(Deno.env.get("STEPS") || 1000);

/** One kind of torture. */
export interface Kind {
  name: string;
  /** Whether it is one of faults: if none strikes, nothing was shown. */
  isOfFaults?: true;
  /** Programs to the packages that have them, without which it is left out. */
  needs?: Packages;
  run(tally: Tally, random: Random): Promise<void>;
}

/** Generated inputs of the pure parts; these run beside everything else. */
export const PURE: Kind = {
  name: "generated inputs of the pure parts",
  run: (tally, random) => tryProperties(tally, random, 1_000_000),
};

/** All that works on a database; these run one after the other. */
export const ON_A_DATABASE: readonly Kind[] = [
  { name: "every order of calls at once", run: (tally) => tryOrders(tally, WHOLE) },
  {
    name: "random steps",
    run: (tally, random) => runSequences(tally, { random, steps: 6000, caller: callInProcess }),
  },
  {
    name: "random steps, by executables",
    run: (tally, random) => runSequences(tally, { random, steps: STEPS, caller: callPlugin }),
  },
  {
    name: "random steps by hand",
    isOfFaults: true,
    run: (tally, random) => attachByHands(tally, { random, steps: 10_000 }),
  },
  {
    name: "crowds",
    run: (tally, random) => crowd({ caller: callInProcess, tally, counted: true }, random, 20),
  },
  {
    name: "crowds beside another program",
    run: (tally, random) =>
      crowd({ caller: callInProcess, tally, counted: true, disturbed: true }, random, 20),
  },
  {
    name: "crowds of executables",
    run: (tally, random) => crowd({ caller: callPlugin, tally }, random, 3),
  },
  {
    name: "shared consumers, by executables",
    run: (tally, random) =>
      shareOneMirror({ caller: callPlugin, tally }, random, {
        producers: 100,
        consumers: 20,
        rounds: 50,
      }),
  },
  {
    name: "connection cut at every byte",
    isOfFaults: true,
    async run(tally) {
      const [fresh, ...others] = SETTINGS;
      await cutEverywhere(tally, { caller: callInProcess, settings: [fresh], stride: 1 });
      await cutEverywhere(tally, { caller: callInProcess, settings: others, stride: 7 });
    },
  },
  {
    name: "connection cut, by executables",
    isOfFaults: true,
    run: (tally) => cutEverywhere(tally, { caller: callPlugin, settings: SETTINGS, stride: 331 }),
  },
  {
    name: "wrong replies",
    isOfFaults: true,
    run: (tally, random) =>
      answerWrongly(tally, { caller: callInProcess, random, settings: SETTINGS }),
  },
  { name: "endless replies", isOfFaults: true, run: (tally) => answerEndlessly(tally) },
  {
    name: "server stopped or killed",
    isOfFaults: true,
    run: (tally) => failServer(tally, SETTINGS, 7),
  },
  {
    name: "plugin killed",
    isOfFaults: true,
    run: (tally, random) =>
      killPlugins(tally, { random, settings: ["fresh", "shared"], count: 20 }),
  },
  {
    name: "plugin killed at system calls",
    isOfFaults: true,
    needs: { strace: "strace" },
    run: (tally) => killAtSystemCalls(tally, ["fresh"]),
  },
  {
    name: "records in trouble",
    isOfFaults: true,
    run: (tally, random) => troubleRecords(tally, random, 25),
  },
  {
    name: "installed files damaged",
    isOfFaults: true,
    run: (tally, random) =>
      damageFiles(tally, { random, moments: 200, within: 2000, disk: "600m" }),
  },
  {
    name: "disk full or read-only",
    isOfFaults: true,
    run: (tally) => exhaustDisks(tally, SETTINGS),
  },
];

async function crowd(trials: Trials, random: Random, rounds: number): Promise<void> {
  await crowdOneMirror(trials, 100);
  await crowdOneMirror(trials, 99, 1);
  await mixRounds(trials, random, { bridges: 2, mirrors: 50, attachments: 100, rounds });
  await mixRounds(trials, random, { bridges: 4, mirrors: 12, attachments: 60, rounds });
  await overfillBridge(trials, 50);
  await raceConsumers(trials, 4 + random.below(5));
}
