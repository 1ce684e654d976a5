/**
 * The command line of the benchmark.
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";

/** Parts to measure, and the place for the results. */
export interface Options {
  /** Whether a short look is enough. */
  quick: boolean;
  /** Directory of another implementation's executables. */
  peer?: string;
  /** Directory for the results; unless given, it depends on what they are worth. */
  out?: string;
  /** Names of the parts to carry out; all if empty. */
  only: readonly string[];
}

/** How the benchmark is called. */
export const USAGE = `usage: make bench [BENCH="OPTION…"]

  --quick      few rounds and sizes
  --peer DIR   measure another implementation too: executables of the same names
  --only PART  leave out all parts but this one; may be repeated
  --out DIR    where performance.json and performance.md go. Unless given: bench/results for all
               parts of which the machine was quiet, dist/bench for what else there is

OVS_MIRROR_DIST=DIR takes executables that are built already.`;

/** Directory of results of a whole run on a quiet machine; the documents refer to them. */
const PUBLISHED = "bench/results";

/** Directory of all other results. */
const SCRATCH = "dist/bench";

/** Invalid usage. */
export class UsageError extends Error {
  /** Tells this kind of error from others. */
  override name = "UsageError";
}

/**
 * Reads the command line.
 *
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
  return { quick, peer, out, only: only.map(String) };
}

/**
 * Where results go.
 *
 * @param options What was measured.
 * @param isQuiet Whether the machine was quiet enough for it.
 */
export function destination({ out, quick, only }: Options, isQuiet: boolean): string {
  return out ?? (quick || only.length > 0 || !isQuiet ? SCRATCH : PUBLISHED);
}
