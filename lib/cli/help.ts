/**
 * The texts that explain the program to a person.
 *
 * @module
 */

import { SUPPORTED_VERSIONS } from "../cni/version.ts";
import type { Role } from "../mirror/role.ts";
import { VERSION } from "../version.ts";
import { type CommandEntry, type CommandName, COMMANDS, GLOBAL_OPTIONS } from "./commands.ts";
import type { Option } from "./options.ts";

const PURPOSE = { producer: "a source", consumer: "the output" };

const EXAMPLE = {
  producer: '{ "name": "mirror-1", "ingress": true, "egress": true }',
  consumer: '{ "name": "mirror-1" }',
};

/**
 * Explains the whole program.
 *
 * @param role The role of the executable.
 * @returns A screenful.
 */
export function help({ name, plugin }: Role): string {
  const commands = Object.entries<CommandEntry>(COMMANDS).map(([command, { operands, summary }]) =>
    [`${command} ${operands}`, summary] as const
  );
  return `\
${plugin} ${VERSION}: makes a pod's port ${PURPOSE[name]} of Open vSwitch mirrors

This is a CNI plugin. A container runtime calls it with CNI_COMMAND set and a network
configuration on standard input; chain it after the ovs plugin:

  { "cniVersion": "1.0.0", "name": "net", "plugins": [
    { "type": "ovs", "bridge": "br1" },
    { "type": "${plugin}", "bridge": "br1",
      "mirrors": [${EXAMPLE[name]}] } ] }

CNI versions: ${SUPPORTED_VERSIONS.join(", ")}

Commands for people:
${list([...commands, ["help [COMMAND]", "explain a command"]])}
Options:
${optionList(GLOBAL_OPTIONS)}`;
}

/**
 * Explains a command.
 *
 * @param role The role of the executable.
 * @param name The command's name.
 * @returns Its usage and options.
 */
export async function commandHelp({ plugin }: Role, name: CommandName): Promise<string> {
  const { summary, operands, options, load } = COMMANDS[name];
  const { notes } = await load();
  const usage = [plugin, name, options.length > 0 ? "[OPTION...]" : "", operands];
  return [
    `usage: ${usage.filter((word) => word !== "").join(" ")}\n`,
    `${summary}\n`,
    ...options.length > 0 ? [`Options:\n${optionList(options)}`] : [],
    ...notes ? [notes] : [],
  ].join("\n");
}

function optionList(options: readonly Option[]): string {
  return list(options.map(({ name, letter, value, choices, text }) => [
    `${letter ? `-${letter}, ` : ""}--${name}${value ? ` ${value}` : ""}`,
    text + (choices ? `: ${choices.join(", ")}` : ""),
  ]));
}

/** Terms and what they mean, one above the other. */
function list(entries: readonly (readonly [term: string, text: string])[]): string {
  const width = Math.max(...entries.map(([term]) => term.length));
  return entries.map(([term, text]) => `  ${term.padEnd(width)}  ${text}\n`).join("");
}
