/**
 * The texts that people read, as the program has them: help, a list of options, a manual page,
 * completion. Each is kept in `tests/fixtures/texts/`, so that a review sees what a change makes of
 * them.
 *
 * `deno run -A tests/support/cli/texts.ts` writes them anew, as `make texts` does.
 *
 * @module
 */

import { type CommandEntry, COMMANDS, SHELLS } from "../../../lib/cli/catalog.ts";
import { producer } from "../../../lib/mirror/role.ts";
import { manual } from "../../../scripts/man.ts";
import type { RoleName } from "../cni/plugin.ts";
import { command } from "../run/command.ts";

/** Where the texts are kept. */
export const TEXTS = new URL("../../fixtures/texts/", import.meta.url);

/** Names of files below {@linkcode TEXTS}, to what makes their texts. */
export const SOURCES: Readonly<Record<string, () => Promise<string>>> = {
  "help.txt": help,
  "options.txt": () => Promise.resolve(Object.entries<CommandEntry>(COMMANDS).map(list).join("")),
  "ovs-mirror-producer.1": () => manual(producer),
  ...Object.fromEntries(
    SHELLS.map((shell) => [`completion.${shell}`, () => printed(["completion", shell])]),
  ),
};

/** A command and its options, with the names that help does not tell. */
function list([name, { options, otherNames }]: [string, CommandEntry]): string {
  const also = (names: readonly string[] = []) => names.length > 0 ? ` = ${names.join(" ")}` : "";
  return `${name}${also(otherNames)}\n` + options.map((option) => {
    const { name, letter, value, otherNames = [] } = option;
    const kind = [value ?? "flag", ...option.live ? ["live"] : []].join(", ");
    return `  --${name} (${kind})${also([...letter ? [`-${letter}`] : [], ...otherNames])}\n`;
  }).join("");
}

async function help(): Promise<string> {
  const calls: [RoleName, string[]][] = [
    ["consumer", ["help"]],
    ["producer", ["help"]],
    ...Object.keys(COMMANDS).map((name): [RoleName, string[]] => ["producer", ["help", name]]),
  ];
  const texts = await Promise.all(
    calls.map(async ([role, args]) =>
      `$ ovs-mirror-${role} ${args.join(" ")}\n${await printed(args, role)}`
    ),
  );
  return texts.join("\n");
}

async function printed(args: readonly string[], role?: RoleName): Promise<string> {
  const { code, stdout, stderr } = await command(args, { role });
  if (code !== 0 || stderr !== "") throw new Error(`${args.join(" ")}: ${code}, ${stderr}`);
  return stdout;
}

if (import.meta.main) {
  for (const [name, make] of Object.entries(SOURCES)) {
    await Deno.writeTextFile(new URL(name, TEXTS), await make());
  }
}
