/**
 * Completion in fish.
 *
 * @module
 */

import { type CommandEntry, COMMANDS, GLOBAL_OPTIONS, HELP, PROGRAMS } from "../catalog.ts";
import type { Option } from "../options.ts";

const NO_COMMAND = "-n __fish_use_subcommand";

/** Writes the script for fish. */
export function fishScript(): string {
  const commands = Object.entries<CommandEntry>(COMMANDS);
  const names = commands.map(([name]) => name).join(" ");
  const rules = [
    "-f",
    ...GLOBAL_OPTIONS.map((option) => `${NO_COMMAND} ${optionRule(option)}`),
    ...commands.map(([name, { summary }]) => `${NO_COMMAND} -a ${name} -d ${quote(summary)}`),
    `${NO_COMMAND} -a help -d ${quote("explain a command")}`,
    `${after("help")} -a ${quote(names)}`,
    ...commands.flatMap(commandRules),
  ];
  return `\
function __ovs_mirror_values
  set -l line (commandline -opc)
  $line[1] completion values $argv[1] $line 2>/dev/null
end
for program in ${PROGRAMS.join(" ")}
${rules.map((rule) => `  complete -c $program ${rule}`).join("\n")}
end
`;
}

function commandRules([name, { operands, words, options }]: [string, CommandEntry]): string[] {
  const rules = [...options, HELP].map(optionRule);
  if (words) rules.push(`-a ${quote(words.join(" "))}`);
  else if (operands !== "") rules.push("-F");
  return rules.map((rule) => `${after(name)} ${rule}`);
}

function optionRule({ name, value, choices, live, text }: Option): string {
  const words = live ? `(__ovs_mirror_values ${name})` : choices?.join(" ");
  const values = words ? ` -x -a ${quote(words)}` : value ? " -r" : "";
  return `-l ${name}${values} -d ${quote(text)}`;
}

function after(command: string): string {
  return `-n ${quote(`__fish_seen_subcommand_from ${command}`)}`;
}

function quote(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&")}'`;
}
