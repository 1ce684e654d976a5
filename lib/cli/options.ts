/**
 * Options on command lines.
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { quote } from "../input/shape.ts";
import { CommandError } from "./errors.ts";
import { suggest } from "../text/suggest.ts";

/** An option that a command knows. */
export interface Option {
  /** Its name, without dashes. */
  name: string;
  /** One letter that stands for it. */
  letter?: string;
  /** Name of its value in help; a flag has none. */
  value?: string;
  /** The values that it may have; any if there are none. */
  choices?: readonly string[];
  /** True if its values are names that the switch at hand has, so that shells can ask for them. */
  live?: boolean;
  /** Its default, for help. */
  default?: string;
  /** True if it may be given several times. */
  repeatable?: boolean;
  /** Its names in other programs, with their dashes. */
  otherNames?: readonly string[];
  /** Its description. */
  text: string;
}

/** The arguments of a command line. */
export interface Arguments {
  /** Options to their values; a flag that is set has an empty one. */
  options: ReadonlyMap<string, string>;
  /** All values of the options that may be given several times. */
  lists: ReadonlyMap<string, readonly string[]>;
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
  const valued = known.filter(({ value }) => value).map(({ name }) => name);
  const parsed = parseArgs([...args], {
    boolean: known.filter(({ value }) => !value).map(({ name }) => name),
    string: ["_", ...valued],
    collect: valued,
    alias: Object.fromEntries(known.flatMap(({ letter, name }) => letter ? [[letter, name]] : [])),
    unknown(word: string, key?: string) {
      if (key !== undefined) throw unknownOption(word, known);
    },
  }) as { _: string[] } & Record<string, string[] | boolean>;
  const options = new Map<string, string>();
  const lists = new Map<string, readonly string[]>();
  for (const option of known) {
    const given = parsed[option.name];
    if (given === true) options.set(option.name, "");
    if (!Array.isArray(given) || given.length === 0) continue;
    const values = checkValues(option, given);
    if (option.repeatable) lists.set(option.name, values);
    else options.set(option.name, values[0]!);
  }
  return { options, lists, operands: parsed._ };
}

function unknownOption(word: string, known: readonly Option[]): CommandError {
  const [name] = word.split("=", 1) as [string];
  const meant = meantOption(name, known);
  const advice = meant ? `; did you mean ${meant}?` : "";
  return new CommandError(`there is no option ${quote(name)}${advice}`);
}

/** Finds the option that a word means: another program's name for it, or a misspelling. */
function meantOption(word: string, known: readonly Option[]): string | undefined {
  const bare = word.replace(/^--?/, "");
  for (const { name, choices = [], otherNames = [] } of known) {
    if (choices.includes(bare)) return `--${name} ${bare}`;
    if (otherNames.includes(word)) return `--${name}`;
  }
  return suggest(word, known.map(({ name }) => `--${name}`));
}

function checkValues(option: Option, given: readonly string[]): string[] {
  const { name, value, choices, repeatable } = option;
  if (given.includes("")) throw new CommandError(`option --${name} needs a value, ${value}`);
  if (given.length > 1 && !repeatable) {
    throw new CommandError(`option --${name} can be given only once`);
  }
  return given.map((one) => choices ? choose(name, one, choices) : one);
}

/**
 * Reads the command line of a command that takes one word and no options.
 *
 * @param kind What the word names, for messages.
 * @param args The words after the command's name.
 * @param choices The words that there are.
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
 * @param otherNames Words of other programs, to those that they stand for here.
 * @throws {CommandError} It is none of them.
 */
export function choose<T extends string>(
  kind: string,
  word: string | undefined,
  choices: readonly T[],
  otherNames: ReadonlyMap<string, T> = new Map(),
): T {
  const chosen = choices.find((choice) => choice === word);
  if (chosen !== undefined) return chosen;
  const list = `${choices.slice(0, -1).join(", ")} or ${choices.at(-1)}`;
  if (word === undefined) throw new CommandError(`the ${kind} is missing: ${list}`);
  const meant = otherNames.get(word) ?? suggest(word, choices);
  const advice = meant ? `did you mean ${meant}?` : `use ${list}`;
  throw new CommandError(`there is no ${kind} ${quote(word)}; ${advice}`);
}
