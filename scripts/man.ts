/**
 * Writes the manual pages of both executables, from the texts of their help.
 *
 * `deno run -A scripts/man.ts DIRECTORY`
 *
 * @module
 */

import { type CommandName, COMMANDS, GLOBAL_OPTIONS } from "../lib/cli/catalog.ts";
import { LOAD } from "../lib/cli/commands.ts";
import { descriptionOf, fit, help, termOf } from "../lib/cli/help.ts";
import type { Option } from "../lib/cli/options.ts";
import { consumer, producer, type Role } from "../lib/mirror/role.ts";
import { VERSION } from "../lib/version.ts";

/** Columns of a usual terminal that the page's margins leave. */
const COLUMNS = 70;

/**
 * Writes a manual page.
 *
 * @param role The role of the executable.
 * @returns The page, for `man`.
 */
export async function manual(role: Role): Promise<string> {
  const { plugin } = role;
  // The first paragraph is a line: the program, its version and what it does.
  const [title, description] = /^(.*)\n\n([^]*?)\n\nCommands for people:/.exec(help(role))!.slice(
    1,
  );
  const [, purpose] = title!.split(`${VERSION}: `);
  const commands = await Promise.all(
    (Object.keys(COMMANDS) as CommandName[]).map((name) => section(plugin, name)),
  );
  return [
    `.TH ${plugin.toUpperCase()} 1 "" "ovs\\-mirror\\-cni ${VERSION}"`,
    ".SH NAME",
    `${plain(plugin)} \\- ${plain(purpose!)}`,
    ".SH SYNOPSIS",
    ...Object.entries(COMMANDS).flatMap(([name, { operands, options }]) => [
      `.B ${plain(`${plugin} ${name}`)}`,
      plain([...options.length > 0 ? ["[OPTION...]"] : [], operands].join(" ")),
      ".br",
    ]),
    ".SH DESCRIPTION",
    verbatim(fit(description!, COLUMNS)),
    ...commands.flat(),
    ".SH OPTIONS",
    ...optionList(GLOBAL_OPTIONS),
  ].join("\n") + "\n";
}

async function section(plugin: string, name: CommandName): Promise<string[]> {
  const { summary, options, examples } = COMMANDS[name];
  const { notes } = await LOAD[name]();
  return [
    `.SH COMMAND ${name.toUpperCase()}`,
    plain(`${summary[0]!.toUpperCase()}${summary.slice(1)}.`),
    ...optionList(options),
    ...notes ? [".PP", verbatim(fit(notes, COLUMNS))] : [],
    ...examples.flatMap(([line, text]) => [".TP", `.B ${plain(`${plugin} ${line}`)}`, plain(text)]),
  ];
}

function optionList(options: readonly Option[]): string[] {
  return options.flatMap((
    option,
  ) => [".TP", `.B ${plain(termOf(option))}`, plain(descriptionOf(option))]);
}

function verbatim(text: string): string {
  return [".EX", ...text.trimEnd().split("\n").map(plain), ".EE"].join("\n");
}

/** Text that has no meaning for the formatter. A hyphen stays one, so that it can be copied. */
function plain(text: string): string {
  return text.replaceAll("\\", "\\e").replaceAll("-", "\\-").replace(/^(?=[.'])/, "\\&");
}

if (import.meta.main) {
  const [directory] = Deno.args;
  if (!directory) throw new Error("name the directory that the pages go to");
  await Deno.mkdir(directory, { recursive: true });
  for (const role of [producer, consumer]) {
    await Deno.writeTextFile(`${directory}/${role.plugin}.1`, await manual(role));
  }
}
