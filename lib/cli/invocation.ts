/**
 * Reads a command line of the executables.
 *
 * @module
 */

import { type CommandName, COMMANDS, GLOBAL_OPTIONS } from "./catalog.ts";
import { choose, parseOptions } from "./options.ts";

/** One kind of call. */
export type Invocation =
  /** Nothing was asked for. */
  | { kind: "nothing" }
  | { kind: "version" }
  | { kind: "help"; command?: CommandName }
  | { kind: "command"; command: CommandName; args: readonly string[] };

const NAMES = Object.keys(COMMANDS) as CommandName[];

const OTHER_NAMES = new Map(
  NAMES.flatMap((name) => (COMMANDS[name].otherNames ?? []).map((other) => [other, name] as const)),
);

/**
 * Reads a command line.
 *
 * @param args The words after the program's name.
 * @returns What they ask for.
 * @throws {CommandError} They are not valid.
 */
export function parseInvocation(args: readonly string[]): Invocation {
  const [first, ...rest] = args;
  if (first === undefined) return { kind: "nothing" };
  if (first.startsWith("-")) return parseGlobal(args);
  if (first === "help") {
    return { kind: "help", command: rest[0] === undefined ? undefined : commandNamed(rest[0]) };
  }
  const command = commandNamed(first);
  if (asksForHelp(rest)) return { kind: "help", command };
  return { kind: "command", command, args: rest };
}

function parseGlobal(args: readonly string[]): Invocation {
  const { options } = parseOptions(args, GLOBAL_OPTIONS);
  return { kind: options.has("version") && !options.has("help") ? "version" : "help" };
}

function commandNamed(word: string): CommandName {
  return choose("command", word, NAMES, OTHER_NAMES);
}

/** Words after `--` are no options. */
function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  return args.slice(0, end < 0 ? undefined : end).some((word) =>
    word === "--help" || word === "-h"
  );
}
