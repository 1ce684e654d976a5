/**
 * Options on command lines.
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { CommandError } from "./errors.ts";
import { suggest } from "./suggest.ts";
import { quote } from "./text.ts";

/** An option that a command knows. */
export interface Option {
  /** Its name, without dashes. */
  name: string;
  /** One letter that stands for it. */
  letter?: string;
  /** How help calls its value; a flag has none. */
  value?: string;
  /** The values that it may have; any if there are none. */
  choices?: readonly string[];
  /** What it does. */
  text: string;
}

/** What a command line says. */
export interface Arguments {
  /** Options to their values; a flag that is set has an empty one. */
  options: ReadonlyMap<string, string>;
  /** The words that are no options. */
  operands: readonly string[];
}

/**
 * Takes a command line apart.
 *
 * @param args The words, without the command's name.
 * @param known The options that there are.
 * @returns What it says.
 * @throws {CommandError} An option is not known, lacks its value or has one that it may not have.
 */
export function parseOptions(args: readonly string[], known: readonly Option[]): Arguments {
  const named = (options: readonly Option[]) => options.map(({ name }) => name);
  const letters = known.flatMap(({ letter, name }) => letter ? [[letter, name]] : []);
  const parsed = parseArgs([...args], {
    boolean: named(known.filter(({ value }) => !value)),
    string: ["_", ...named(known.filter(({ value }) => value))],
    alias: Object.fromEntries(letters),
    unknown(word: string, key?: string) {
      if (key !== undefined) throw unknownOption(word, known);
    },
  }) as { _: string[] } & Record<string, string | boolean>;
  const options = new Map<string, string>();
  for (const option of known) {
    const value = parsed[option.name];
    if (typeof value === "string") options.set(option.name, checkValue(option, value));
    else if (value) options.set(option.name, "");
  }
  return { options, operands: parsed._ };
}

function unknownOption(word: string, known: readonly Option[]): CommandError {
  const [name] = word.split("=", 1) as [string];
  const meant = suggest(name, known.map(({ name }) => `--${name}`));
  const advice = meant ? `; did you mean ${meant}?` : "";
  return new CommandError(`there is no option ${quote(name)}${advice}`);
}

function checkValue({ name, value, choices }: Option, given: string): string {
  if (given === "") throw new CommandError(`option --${name} needs a value, ${value}`);
  return choices ? choose(name, given, choices) : given;
}

/**
 * Reads the command line of a command that takes one word and no options.
 *
 * @param kind What the word names, for messages.
 * @param args The words after the command's name.
 * @param choices The words that there are.
 * @returns The word.
 * @throws {CommandError} It is another one, or not one word.
 */
export function parseOperand<T extends string>(
  kind: string,
  args: readonly string[],
  choices: readonly T[],
): T {
  const { operands: [word, surplus] } = parseOptions(args, []);
  if (surplus !== undefined) throw new CommandError(`${quote(surplus)} is one word too many`);
  return choose(kind, word, choices);
}

/**
 * Makes sure that a word is one of some.
 *
 * @param kind What the word names, for messages.
 * @param word The word given.
 * @param choices The words that there are.
 * @returns The word.
 * @throws {CommandError} It is none of them.
 */
export function choose<T extends string>(
  kind: string,
  word: string | undefined,
  choices: readonly T[],
): T {
  const chosen = choices.find((choice) => choice === word);
  if (chosen !== undefined) return chosen;
  const list = `${choices.slice(0, -1).join(", ")} or ${choices.at(-1)}`;
  if (word === undefined) throw new CommandError(`the ${kind} is missing: ${list}`);
  const meant = suggest(word, choices);
  const advice = meant ? `did you mean ${meant}?` : `use ${list}`;
  throw new CommandError(`there is no ${kind} ${quote(word)}; ${advice}`);
}
