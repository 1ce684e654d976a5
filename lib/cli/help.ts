/**
 * The texts that explain the program to a person.
 *
 * @module
 */

import { SUPPORTED_VERSIONS } from "../cni/version.ts";
import type { Role } from "../mirror/role.ts";
import { VERSION } from "../version.ts";
import { type CommandEntry, type CommandName, COMMANDS, GLOBAL_OPTIONS } from "./catalog.ts";
import { LOAD } from "./commands.ts";
import type { Option } from "./options.ts";
import { fold } from "../text/text.ts";

/** Documents with more. The files are part of the source and of what a release has. */
const DOCUMENTATION = `\
Documentation: README.md, docs/OPERATIONS.md for what show and lint say, docs/ERRORS.md for each
message, in the source of this version
`;

const PURPOSE = { producer: "a source", consumer: "the output" };

const EXAMPLE = {
  producer: '{ "name": "mirror-1", "ingress": true, "egress": true }',
  consumer: '{ "name": "mirror-1" }',
};

const HELP_EXAMPLES = [
  ["show", "do the mirrors of this node work?"],
  ["help show", "all that show can do"],
] as const;

/**
 * Explains the whole program.
 *
 * @param role The role of the executable.
 */
export function help({ name, plugin }: Role): string {
  const commands = Object.entries<CommandEntry>(COMMANDS).map(([command, { operands, summary }]) =>
    [`${command} ${operands}`, summary] as const
  );
  return fit(`\
${plugin} ${VERSION}: makes a pod's port ${PURPOSE[name]} of Open vSwitch mirrors

This is a CNI plugin. A container runtime calls it with CNI_COMMAND set and a network
configuration on standard input; chain it after the ovs plugin:

  { "cniVersion": "1.0.0", "name": "net", "plugins": [
    { "type": "ovs", "bridge": "br1" },
    { "type": "${plugin}", "bridge": "br1",
      "mirrors": [
        ${EXAMPLE[name]} ] } ] }

CNI versions: ${SUPPORTED_VERSIONS.join(", ")}

Commands for people:
${list([...commands, ["help [COMMAND]", "explain a command"]])}
Options:
${optionList(GLOBAL_OPTIONS)}
Examples:
${exampleList(plugin, HELP_EXAMPLES)}
${DOCUMENTATION}`);
}

/**
 * Explains a command.
 *
 * @param role The role of the executable.
 * @param name The command's name.
 * @returns Its usage and options.
 */
export async function commandHelp({ plugin }: Role, name: CommandName): Promise<string> {
  const { summary, operands, options, examples } = COMMANDS[name];
  const { notes } = await LOAD[name]();
  const usage = [plugin, name, options.length > 0 ? "[OPTION...]" : "", operands];
  return fit([
    `usage: ${usage.filter((word) => word !== "").join(" ")}\n`,
    `${summary}\n`,
    ...options.length > 0 ? [`Options:\n${optionList(options)}`] : [],
    `Examples:\n${exampleList(plugin, examples)}`,
    ...notes ? [notes] : [],
    DOCUMENTATION,
  ].join("\n"));
}

/** Columns of a usual terminal. */
const COLUMNS = 80;

/** Indented terms and what they mean, and the beginnings of other lines. */
const TERM = /^( *)(?:\S+(?: \S+)* {2,})?(?=\S)/;

/**
 * Breaks what help says where a terminal ends. Prose is filled anew; lists keep their columns.
 *
 * @param text Lines; those of lists are indented.
 * @param columns How long a line may be.
 * @returns The same words.
 */
export function fit(text: string, columns = COLUMNS): string {
  const paragraphs = text.replace(/(?<=^\S.*[^\n:])\n(?=\S)/gm, " ").split("\n");
  return paragraphs.flatMap((line) => {
    const [start, indent] = TERM.exec(line) ?? ["", ""];
    const hang = indent ? start.length : 0;
    const [first, ...others] = fold(line.slice(hang), columns - hang);
    return [line.slice(0, hang) + first, ...others.map((rest) => " ".repeat(hang) + rest)];
  }).join("\n");
}

function optionList(options: readonly Option[]): string {
  return list(options.map((option) => [termOf(option), descriptionOf(option)]));
}

/** Writes an option as help shows it. */
export function termOf({ name, letter, value }: Option): string {
  return `${letter ? `-${letter}, ` : ""}--${name}${value ? ` ${value}` : ""}`;
}

/** Describes an option, with its choices and default. */
export function descriptionOf({ choices, default: usual, repeatable, text }: Option): string {
  const list = choices ? `: ${choices.join(", ")}` : "";
  const notes = [...usual ? [`default: ${usual}`] : [], ...repeatable ? ["repeatable"] : []];
  return text + list + (notes.length > 0 ? ` (${notes.join(", ")})` : "");
}

/** Command lines are long: what they do stands below them. */
function exampleList(
  plugin: string,
  examples: readonly (readonly [line: string, text: string])[],
): string {
  return examples.map(([line, text]) => `  ${plugin} ${line}\n      ${text}\n`).join("");
}

/** Terms and what they mean, one above the other. */
function list(entries: readonly (readonly [term: string, text: string])[]): string {
  const width = Math.max(...entries.map(([term]) => term.length));
  return entries.map(([term, text]) => `  ${term.padEnd(width)}  ${text}\n`).join("");
}
