/**
 * What networks say about a mirror fits together.
 *
 * @module
 */

import { MAX_MIRRORS } from "../../mirror/config/config.ts";
import { quote } from "../../text/text.ts";
import { error, warning } from "../finding.ts";
import { isFed, type MirrorUse } from "../project.ts";
import { didYouMean, type Guess, type Rule } from "./rule.ts";

/** Somebody gets what a mirror carries. */
export const unconsumed: Rule = {
  name: "no-consumer",
  check: ({ uses }, guess) =>
    withoutCounterpart(uses, isFed, guess).map(({ use, meant }) => {
      const message = `nobody here consumes mirror ${quote(use.mirror)}`;
      return warning(use, message, meant ?? "add a network that consumes it");
    }),
};

/** A mirror has something to carry. A consumer of all ports has that, but not those beside it. */
export const unfed: Rule = {
  name: "no-producer",
  check: ({ uses }, guess) =>
    withoutCounterpart(uses.filter(({ all }) => !all), isConsumed, guess).map(({ use, meant }) => {
      const message = `nobody here feeds mirror ${quote(use.mirror)}`;
      const isTaken = uses.some(({ mirror, all }) => all && mirror === use.mirror);
      return warning(use, message, meant ?? (isTaken ? TAKE_ALL : "add a network that feeds it"));
    }),
};

const TAKE_ALL = 'set "all" here too, as the other consumer has it, or use another mirror';

/** A mirror of all ports has no room for single ones: the plugins refuse whoever comes second. */
export const crowded: Rule = {
  name: "all-and-producer",
  *check({ uses }) {
    for (const own of byMirror(uses)) {
      const fed = own.filter(isFed);
      for (const use of own.filter(({ all }) => all)) {
        const producer = fed.find(({ bridge }) => !bridge || !use.bridge || bridge === use.bridge);
        if (!producer) continue;
        const message = `mirror ${quote(use.mirror)} takes all ports of the bridge, and has a ` +
          `producer in ${producer.file}:${producer.line}`;
        yield error(use, message, 'leave out the producer or "all", or use two mirrors');
      }
    }
  },
};

function isConsumed(use: MirrorUse): boolean {
  return !isFed(use);
}

/**
 * The first use of each mirror that is used on one side only. Two names that lack the other side
 * and are much alike may be meant to be the same.
 */
function withoutCounterpart(
  uses: readonly MirrorUse[],
  side: (use: MirrorUse) => boolean,
  guess: Guess,
) {
  const mirrors = byMirror(uses);
  const others = mirrors.filter((own) => !own.some(side)).map(([use]) => use!.mirror);
  return mirrors.filter((own) => own.every(side)).map(([use]) => {
    const meant = guess(use!.mirror, others);
    return { use: use!, meant: meant && didYouMean(meant) };
  });
}

function byMirror(uses: readonly MirrorUse[]): MirrorUse[][] {
  return [...Map.groupBy(uses, ({ mirror }) => mirror).values()];
}

/** A mirror is on one bridge, as its name is unique on a switch. */
export const elsewhere: Rule = {
  name: "two-bridges",
  *check({ uses }) {
    for (const [first, ...others] of byMirror(uses.filter(({ bridge }) => bridge))) {
      const other = others.find(({ bridge }) => bridge !== first!.bridge);
      if (!other) continue;
      const message = `mirror ${quote(other.mirror)} is on bridge ${quote(other.bridge!)} here, ` +
        `and on ${quote(first!.bridge!)} in ${first!.file}:${first!.line}`;
      yield warning(other, message, "a mirror's name is unique on a switch: choose another");
    }
  },
};

/** A bridge has no more mirrors than the switch carries. */
export const limit: Rule = {
  name: "too-many-mirrors",
  *check({ uses }) {
    for (const [bridge, own] of Map.groupBy(uses, ({ bridge }) => bridge)) {
      const mirrors = [...Map.groupBy(own, ({ mirror }) => mirror).values()];
      const surplus = mirrors[MAX_MIRRORS]?.[0];
      if (!surplus) continue;
      const message = `${mirrors.length} mirrors are on bridge ${quote(bridge ?? "")}`;
      const hint =
        `the switch carries ${MAX_MIRRORS} per bridge: spread them over bridges or nodes`;
      // One chain asks for all of its mirrors at once; those of several may be on several nodes.
      const isCertain = own.every(({ network }) => network === surplus.network);
      yield (isCertain ? error : warning)(surplus, message, hint);
    }
  },
};
