/**
 * The command line of the benchmark.
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";

/** What to measure, and where the results go. */
export interface Options {
  /** Whether a short look is enough. */
  quick: boolean;
  /** Directory of another implementation's executables. */
  peer?: string;
  /** Directory for the results. */
  out: string;
  /** Names of the parts to carry out; all if empty. */
  only: readonly string[];
}

/** How the benchmark is called. */
export const USAGE = `usage: make bench [BENCH="OPTION…"]

  --quick      few rounds and sizes, into dist/bench unless --out is given
  --peer DIR   measure another implementation too: executables of the same names
  --out DIR    where performance.json and performance.svg go; docs unless given
  --only PART  leave out all parts but this one; may be repeated

OVS_MIRROR_DIST=DIR takes executables that are built already.`;

/** A command line that makes no sense. */
export class UsageError extends Error {
  /** Tells this kind of error from others. */
  override name = "UsageError";
}

/**
 * Reads the command line.
 *
 * @param args The arguments.
 * @returns The options.
 * @throws {UsageError} There is one that is not known.
 */
export function parseOptions(args: readonly string[]): Options {
  const { quick, peer, out, only } = parseArgs([...args], {
    boolean: ["quick"],
    string: ["peer", "out", "only"],
    collect: ["only"],
    unknown: (arg: string) => {
      throw new UsageError(`no option ${arg}\n\n${USAGE}`);
    },
  });
  return {
    quick,
    peer,
    out: out ?? (quick ? "dist/bench" : "docs"),
    only: only.map(String),
  };
}
