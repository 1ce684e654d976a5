/**
 * Completion in bash.
 *
 * @module
 */

import { type CommandEntry, COMMANDS, GLOBAL_OPTIONS, HELP, PROGRAMS } from "../catalog.ts";
import type { Option } from "../options.ts";

/** Writes the script for bash. Where it has no words to offer, bash offers files. */
export function bashScript(): string {
  const commands = Object.entries<CommandEntry>(COMMANDS);
  const names = commands.map(([name]) => name).join(" ");
  return `\
_ovs_mirror() {
  local current=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} words= options=
  # In "--format=json" the equals sign is a word of its own.
  if [ "$current" = "=" ]; then current=
  elif [ "$before" = "=" ]; then before=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  case "$COMP_CWORD \${COMP_WORDS[1]} $before" in
    '1 '*) words='${names} help' options='${flags(GLOBAL_OPTIONS)}' ;;
    *' help '*) words='${names}' ;;
${commands.flatMap(cases).join("\n")}
  esac
  case $current in -*) words=$options ;; esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _ovs_mirror ${PROGRAMS.join(" ")}
`;
}

/** A value is wanted after an option that has one; elsewhere, a word or an option. */
function cases([name, { operands, words = [], options }]: [string, CommandEntry]): string[] {
  const valued = options.filter(({ value }) => value).map((option) =>
    `    *' ${name} --${option.name}') words=${wordsOf(option)} ;;`
  );
  const all = flags([...options, HELP]);
  const offered = operands === "" ? all : words.join(" ");
  return [...valued, `    *' ${name} '*) words='${offered}' options='${all}' ;;`];
}

function wordsOf({ name, choices = [], live }: Option): string {
  if (!live) return `'${choices.join(" ")}'`;
  return `$("\${COMP_WORDS[0]}" completion values ${name} "\${COMP_WORDS[@]}" 2>/dev/null)`;
}

function flags(options: readonly Option[]): string {
  return options.map(({ name }) => `--${name}`).join(" ");
}
