/**
 * Plugins that run at the same time.
 *
 * @module
 */

import { MOST_MIRRORS } from "../model/semantics/promises.ts";
import type { PluginOutcome, RoleName } from "../support/cni/plugin.ts";
import type { Attachment } from "./attachment.ts";
import { Crowd, type Trials } from "./crowd.ts";
import type { Random } from "./random.ts";
import type { Command } from "./victim.ts";

/** The code of a consumer's error if another holds the mirror. */
const OUTPUT_TAKEN = 103;
/** The code of the error if a bridge has all the mirrors that it can have. */
const TOO_MANY = 105;

/** All ADDs at once on one mirror that is not there yet, then all DELs. */
export async function crowdOneMirror(
  trials: Trials,
  producers: number,
  consumers: 0 | 1 = 0,
): Promise<void> {
  const roles: RoleName[] = [
    ...Array<RoleName>(producers).fill("producer"),
    ...Array<RoleName>(consumers).fill("consumer"),
  ];
  const all = roles.map((role, index) => member(index, role, "br0", ["m0"]));
  await using crowd = await Crowd.gather(all, trials);
  for (const command of ["ADD", "ADD", "DEL"] as const) {
    const occasion = `${all.length} at once on one mirror, ${command}`;
    await crowd.succeed(occasion, all.map((one) => [one, command]));
  }
}

/** Numbers of mirrors, bridges and attachments. */
export interface Sizes {
  bridges: number;
  mirrors: number;
  attachments: number;
  rounds: number;
}

/**
 * Attachments to several mirrors each: all ADDs at once, then rounds in which some are added while
 * others are deleted, then all DELs.
 */
export async function mixRounds(
  trials: Trials,
  random: Random,
  sizes: Sizes,
): Promise<void> {
  const all = Array.from(
    { length: sizes.attachments },
    (_, index) => anyMember(index, sizes, random),
  );
  await using crowd = await Crowd.gather(all, trials);
  const toggle = (some: Attachment[]) =>
    some.map((one): [Attachment, Command] => [one, crowd.attached.has(one) ? "DEL" : "ADD"]);
  await crowd.succeed(`${all.length} at once on ${sizes.mirrors} mirrors`, toggle(all));
  for (let round = 0; round < sizes.rounds; round++) {
    await crowd.succeed(`round ${round} of ADDs and DELs`, toggle(random.some(all, 0.5)));
  }
  await crowd.succeed("all DELs at once", toggle([...crowd.attached]));
}

/** Consumers race for one mirror: one wins, and the others learn from whom and leave no trace. */
export async function raceConsumers(trials: Trials, consumers: number): Promise<void> {
  const { tally } = trials;
  const all = Array.from({ length: consumers }, (_, i) => member(i, "consumer", "br0", ["m0"]));
  await using crowd = await Crowd.gather(all, trials);
  const outcomes = await crowd.call(all.map((one) => [one, "ADD"]));
  const [winner] = crowd.attached;
  const won = outcomes.filter(({ code }) => code === 0).length;
  tally.require(won === 1, () => `${won} of ${consumers} consumers won the race`);
  for (const loser of outcomes.filter(({ code }) => code !== 0)) {
    tally.require(
      isTold(loser, winner),
      () => `a consumer lost the race to ${winner?.port} and got ${loser.stdout}`,
    );
  }
  await crowd.judge(`race of ${consumers} consumers`);
  await crowd.succeed("after the race", all.map((one) => [one, "DEL"]));
}

/** More attachments, each to a mirror of its own, than a bridge carries mirrors. */
export async function overfillBridge(trials: Trials, attachments: number): Promise<void> {
  const { tally } = trials;
  const all = Array.from(
    { length: attachments },
    (_, index) => member(index, "producer", "br0", [`m${index}`]),
  );
  await using crowd = await Crowd.gather(all, trials);
  const outcomes = await crowd.call(all.map((one) => [one, "ADD"]));
  const made = crowd.attached.size;
  // The other program's mirror takes a place whenever it is there.
  const least = trials.disturbed ? MOST_MIRRORS - 1 : MOST_MIRRORS;
  tally.require(
    made >= least && made <= MOST_MIRRORS,
    () => `${made} mirrors were made at once on one bridge`,
  );
  for (const { stdout, json } of outcomes.filter(({ code }) => code !== 0)) {
    tally.require(json?.code === TOO_MANY, () => `one mirror too many was refused by ${stdout}`);
  }
  await crowd.judge(`${attachments} mirrors on one bridge`);
  await crowd.succeed("after too many mirrors", all.map((one) => [one, "DEL"]));
}

function isTold({ json }: PluginOutcome, winner: Attachment | undefined): boolean {
  return json?.code === OUTPUT_TAKEN && String(json.msg).includes(`"${winner?.port}"`);
}

/** Every sixth is a consumer, of one mirror that has no other. */
function anyMember(index: number, { bridges, mirrors }: Sizes, random: Random): Attachment {
  const isConsumer = index % 6 === 5 && index / 6 < mirrors;
  const mirror = isConsumer ? Math.floor(index / 6) : random.below(mirrors);
  const others = isConsumer ? 0 : random.below(4);
  const bridge = mirror % bridges;
  const onBridge = (number: number) => Math.floor(number / bridges) * bridges + bridge;
  const numbers = [mirror];
  for (let count = 0; count < others; count++) {
    const number = onBridge(random.below(mirrors));
    if (number < mirrors) numbers.push(number);
  }
  const names = [...new Set(numbers)].map((number) => `m${number}`);
  return member(index, isConsumer ? "consumer" : "producer", `br${bridge}`, names);
}

/** An attachment; its number makes it different from others, and says whether it has egress. */
export function member(
  index: number,
  role: RoleName,
  bridge: string,
  mirrors: readonly string[],
): Attachment {
  return {
    role,
    container: `container-${index}`,
    ifname: "eth1",
    netns: `/var/run/tests/${index}`,
    network: "net",
    bridge,
    port: `veth${index}`,
    mirrors: mirrors.map((name) => ({ name, ingress: true, egress: index % 2 === 0 })),
  };
}
