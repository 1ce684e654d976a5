/**
 * Completion in zsh.
 *
 * @module
 */

import { type CommandEntry, COMMANDS, GLOBAL_OPTIONS, HELP, PROGRAMS } from "../catalog.ts";
import type { Option } from "../options.ts";

/**
 * Writes the script for zsh. It may be sourced, or be a file in a directory of `fpath`, whose
 * content zsh takes for a function's.
 */
export function zshScript(): string {
  const commands = Object.entries<CommandEntry>(COMMANDS);
  const names = commands.map(([name]) => name);
  const described = commands.map(([name, { summary }]) => quote(`${name}:${escape(summary)}`));
  return `\
#compdef ${PROGRAMS.join(" ")}
_ovs_mirror_values() {
  local -a found=(\${(f)"$(\${(Q)typed[1]} completion values $argv[-1] $typed 2>/dev/null)"})
  compadd "\${(@)argv[1,-2]}" -a found
}
_ovs_mirror() {
  local state line
  local -a typed=($words)
  local -a commands=(${[...described, quote("help:explain a command")].join(" ")})
  _arguments -C ${GLOBAL_OPTIONS.map(optionSpec).join(" ")} '1: :->command' '*:: :->rest'
  case $state in
    command) _describe command commands ;;
    rest)
      case $line[1] in
        help) _arguments '1:command:(${names.join(" ")})' ;;
${commands.map(branch).join("\n")}
      esac ;;
  esac
}
case \${zsh_eval_context[-1]} in
  (*func) _ovs_mirror "$@" ;;
  (*) compdef _ovs_mirror ${PROGRAMS.join(" ")} ;;
esac
`;
}

function branch([name, { operands, words, options }]: [string, CommandEntry]): string {
  const specs = [...options, HELP].map(optionSpec);
  if (words) specs.push(quote(`1:${name}:(${words.join(" ")})`));
  else if (operands !== "") specs.push(quote("*:file:_files"));
  return `        ${name}) _arguments ${specs.join(" ")} ;;`;
}

function optionSpec({ name, value, choices, live, repeatable, text }: Option): string {
  const words = live ? `_ovs_mirror_values ${name}` : name === "socket" ? "_files" : " ";
  const action = choices ? `(${choices.join(" ")})` : words;
  return quote(
    `${repeatable ? "*" : ""}--${name}${value ? "=" : ""}[${escape(text)}]${
      value ? `:${value}:${action}` : ""
    }`,
  );
}

/** Colons and brackets end what stands in them. */
function escape(text: string): string {
  return text.replace(/[[\]:\\]/g, "\\$&");
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
