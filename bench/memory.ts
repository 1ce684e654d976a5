/**
 * How much memory calls need that share a limit, as those that thick Multus makes do, and how long
 * they take with its share of a processor.
 *
 * `scripts/deno run -A bench/memory.ts [--quick] [DIRECTORY]`, after `make build`; the executables of
 * another directory may be named.
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { dirname, fromFileUrl, resolve } from "@std/path";
import { succeed } from "../tests/support/run/process.ts";
import { Contestant } from "./contestant.ts";
import { ControlGroup, type Limits } from "./control_group.ts";
import { launch } from "./invocation.ts";
import { Stage } from "./stage.ts";
import { spread } from "./statistics.ts";

const MIB = 2 ** 20;

const root = dirname(dirname(fromFileUrl(import.meta.url)));

/** Calls at once. A pod's interfaces come one after another, so these are pods. */
const CALLS = [1, 3, 6, 11];

/** A call that takes longer has failed: it spends its time on reading its own file again and again. */
const PATIENCE = ["timeout", "--signal=KILL", "10"];

/** Multus' stock manifest has this. */
const SHARE = 0.1;

const HEAD = `
MiB; "cached" is with the executable in the page cache at others' expense, "not" without. Seconds are
from the start of the first call to the end of the last: without a limit → at the smallest.

| calls at once | cached: charged | smallest limit | seconds | not: charged | smallest limit | seconds | seconds with ${SHARE} of a processor |
| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |`.trim();

/** Outcome of calls at once. */
interface Outcome {
  succeeded: boolean;
  /** From the start of the first to the end of the last. */
  seconds: number;
  peak: number;
}

/** Calls of ADD for as many pods, for one mirror. */
class Calls implements AsyncDisposable {
  private constructor(
    readonly stage: Stage,
    readonly contestant: Contestant,
    readonly count: number,
    /** A copy of the executable that can be taken out of the page cache. */
    readonly copy: string,
  ) {}

  static async start(contestant: Contestant, count: number): Promise<Calls> {
    const stage = await Stage.start({ ports: 0, mirrors: 1, pods: count });
    const copy = `${stage.host.db.directory}/copy`;
    await Deno.copyFile(contestant.program("producer"), copy);
    return new Calls(stage, contestant, count, copy);
  }

  /** Makes all calls within limits, and undoes them without. */
  async make(limits: Limits, cached: boolean): Promise<Outcome> {
    await this.#prepare(cached);
    using group = ControlGroup.make(limits)!;
    const start = performance.now();
    const finished = await Promise.all(
      this.#invocations("ADD").map((call) => launch(call, [...group.through, ...PATIENCE])),
    );
    const seconds = (performance.now() - start) / 1000;
    const { peak } = group;
    for (const call of this.#invocations("DEL")) await launch(call);
    return { succeeded: finished.every(({ code }) => code === 0), seconds, peak };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stage[Symbol.asyncDispose]();
  }

  #invocations(command: "ADD" | "DEL") {
    const all = this.stage.invocations(this.contestant, "producer", command);
    return all.map((call) => ({ ...call, program: this.copy }));
  }

  /** Charges the executable's pages to somebody else, or leaves them to the first call. */
  async #prepare(cached: boolean): Promise<void> {
    const evict = ["oflag=nocache", "conv=notrunc,fdatasync", "count=0"];
    await succeed("dd", `of=${this.copy}`, ...evict);
    if (cached) await succeed("dd", `if=${this.copy}`, "of=/dev/null", "bs=1M", "status=none");
  }
}

/**
 * Finds the smallest limit, in MiB, at which all calls succeed each time.
 *
 * @param cached Whether the executable is in the page cache, charged to somebody else.
 * @param times How often they have to succeed in a row.
 * @param most A limit at which they do, in MiB.
 * @returns The limit, and the median of the seconds that they took there.
 */
async function smallestLimit(calls: Calls, cached: boolean, times: number, most: number) {
  let [low, high] = [0, most];
  while (high - low > 1) {
    const middle = Math.ceil((low + high) / 2);
    if (await holds(calls, cached, Math.min(times, 3), middle)) high = middle;
    else low = middle;
  }
  for (let limit = high;; limit++) {
    const seconds = await holds(calls, cached, times, limit);
    if (seconds) return { limit, seconds };
  }
}

/** Makes calls some times; returns the median of their seconds if they always succeed. */
async function holds(calls: Calls, cached: boolean, times: number, limit: number) {
  const seconds: number[] = [];
  while (seconds.length < times) {
    console.error(`${calls.count} at once, ${cached ? "" : "not "}cached: ${limit} MiB`);
    const outcome = await calls.make({ memory: limit * MIB }, cached);
    if (!outcome.succeeded) return undefined;
    seconds.push(outcome.seconds);
  }
  return spread(seconds).median;
}

/** Calls without a limit of memory: the median of their seconds and of what they were charged. */
async function unlimited(calls: Calls, cached: boolean, times: number, limits: Limits = {}) {
  const outcomes: Outcome[] = [];
  while (outcomes.length < times) outcomes.push(await calls.make(limits, cached));
  if (outcomes.some(({ succeeded }) => !succeeded)) throw new Error("calls fail without a limit");
  return {
    seconds: spread(outcomes.map(({ seconds }) => seconds)).median,
    peak: spread(outcomes.map(({ peak }) => peak / MIB)).median,
  };
}

/** The row of a table: what as many calls at once take. */
async function row(contestant: Contestant, count: number, times: number): Promise<string> {
  await using calls = await Calls.start(contestant, count);
  const cells = [String(count)];
  for (const cached of [true, false]) {
    const free = await unlimited(calls, cached, times);
    const least = await smallestLimit(calls, cached, times, Math.ceil(free.peak) + 4);
    const seconds = `${free.seconds.toFixed(1)} → ${least.seconds.toFixed(1)}`;
    cells.push(free.peak.toFixed(0), String(least.limit), seconds);
  }
  const slow = await unlimited(calls, true, times, { cpu: SHARE });
  return `| ${[...cells, slow.seconds.toFixed(1)].join(" | ")} |`;
}

const { quick, _: [directory = "dist"] } = parseArgs(Deno.args, { boolean: ["quick"] });
{
  using group = ControlGroup.make({ memory: MIB, cpu: SHARE });
  if (!group) {
    console.error("no control group can be made here that limits memory and processor; needs root");
    Deno.exit(2);
  }
}
const contestant = new Contestant("ours", resolve(root, String(directory)));
console.log(HEAD);
for (const count of CALLS) console.log(await row(contestant, count, quick ? 2 : 5));
