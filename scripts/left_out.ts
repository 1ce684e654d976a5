/**
 * Sums up the reasons for skipped tests.
 *
 * @module
 */

import { count } from "./demo/print.ts";

/** Most of what is said of one reason. */
const LONGEST = 100;

/**
 * Sums up why tests were left out, and what would bring them.
 *
 * @param output What the tests wrote: among it lines `tests left out, REASON` and
 *   `tests left out, PROGRAMS missing: COMMAND`.
 * @param skipped How many tests were skipped.
 * @returns One line; nothing if none was skipped.
 */
export function sumUp(output: string, skipped: number): string | undefined {
  if (skipped === 0) return undefined;
  const lines = Array.from(output.matchAll(/^tests left out, (.*)$/gm), ([, line]) => line!);
  const [missing, packages] = [new Set<string>(), new Set<string>()];
  const [others, reasons] = [new Set<string>(), new Set<string>()];
  for (const line of lines) {
    const [, programs, command] = /^(.*) missing: (.*)$/.exec(line) ?? [];
    if (!command) {
      reasons.add(line.slice(0, LONGEST));
      continue;
    }
    for (const program of programs!.split(", ")) missing.add(program);
    const [, names] = /^apt-get install (.*)$/.exec(command) ?? [];
    if (!names) others.add(command);
    for (const name of names?.split(" ") ?? []) packages.add(name);
  }
  const apt = packages.size > 0 ? [`apt-get install ${[...packages].join(" ")}`] : [];
  const why = [...missing.size > 0 ? [`${[...missing].join(", ")} missing`] : [], ...reasons];
  const commands = [...apt, ...others].join(" && ");
  return `${count(skipped, "test")} left out${why.length > 0 ? `: ${why.join("; ")}` : ""}` +
    (commands ? `. All programs: ${commands}` : "");
}
