/**
 * Consumers that share one mirror come and go, and so do its producers.
 *
 * @module
 */

import { uuid, uuids } from "../../lib/ovsdb/value.ts";
import type { Ovsdb } from "../support/ovs/ovsdb.ts";
import type { Attachment } from "./attachment.ts";
import { member } from "./concurrency.ts";
import { Crowd, type Trials } from "./crowd.ts";
import type { Random } from "./random.ts";
import { same } from "./tally.ts";
import type { Caller, Command } from "./victim.ts";

/** Numbers of pods, and of rounds. */
export interface Share {
  producers: number;
  consumers: number;
  rounds: number;
}

/**
 * All ADDs at once, then rounds in which some are added while others are deleted, then all DELs. In
 * each round as many are called as chance has it, up to all.
 */
export async function shareOneMirror(
  trials: Trials,
  random: Random,
  { producers, consumers, rounds }: Share,
): Promise<void> {
  const all = [
    ...Array.from({ length: producers }, (_, index) => member(index, "producer", "br0", ["m0"])),
    ...Array.from({ length: consumers }, (_, index) => sharing(producers + index, random)),
  ];
  await using crowd = await Crowd.gather(all, { ...trials, caller: timed(trials) });
  const toggle = async (occasion: string, some: readonly Attachment[]) => {
    const calls = some.map((
      one,
    ): [Attachment, Command] => [one, crowd.attached.has(one) ? "DEL" : "ADD"]);
    await crowd.succeed(occasion, calls);
    await judgeSnaplen(crowd, trials, occasion);
    trials.tally.peak("rows at most", (await crowd.db.mirrors()).length);
  };
  await toggle("all ADDs at once", all);
  for (let round = 1; round <= rounds; round++) {
    await toggle(`round ${round} of ADDs and DELs`, random.some(all, random.fraction()));
  }
  await toggle("all DELs at once", [...crowd.attached]);
}

/** A consumer that shares the mirror; every other one wants the start of each packet only. */
function sharing(index: number, random: Random): Attachment {
  const attachment = member(index, "consumer", "br0", ["m0"]);
  const snaplen = random.chance(0.5) ? { snaplen: 64 + index } : {};
  return {
    ...attachment,
    mirrors: attachment.mirrors.map((mirror) => ({ ...mirror, shared: true, ...snaplen })),
  };
}

/** Each row cuts packets as its own consumer wants it; one without an output does not. */
async function judgeSnaplen({ db, attached }: Crowd, { tally }: Trials, occasion: string) {
  const found = await snaplens(db);
  const consumers = [...attached].filter(({ role }) => role === "consumer");
  const rows = consumers.map(({ port, mirrors: [mirror] }) => `${port} ${mirror!.snaplen ?? ""}`);
  const expected = rows.length > 0 || attached.size === 0 ? rows.sort() : ["none "];
  tally.require(same(found, expected), () => `${occasion}: packets are cut to ${found}`);
}

async function snaplens(db: Ovsdb): Promise<string[]> {
  const ports = await db.rows("Port", ["_uuid", "name"]);
  const names = new Map(ports.map(({ _uuid, name }) => [uuid(_uuid), String(name)]));
  const rows = await db.rows("Mirror", ["output_port", "snaplen"]);
  return rows.map(({ output_port, snaplen }) => {
    const [output] = uuids(output_port);
    const length = typeof snaplen === "number" ? snaplen : "";
    return `${output === undefined ? "none" : names.get(output)} ${length}`;
  }).sort();
}

/** Notes how long calls take. */
function timed({ caller, tally }: Trials): Caller {
  return async (role, request) => {
    const start = performance.now();
    const outcome = await caller(role, request);
    tally.peak("milliseconds of a call at most", Math.round(performance.now() - start));
    return outcome;
  };
}
