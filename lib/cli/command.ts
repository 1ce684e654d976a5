/**
 * The executables as a person calls them, not a runtime.
 *
 * @module
 */

import type { Role } from "../mirror/role.ts";
import { VERSION } from "../version.ts";
import { LOAD } from "./commands.ts";
import { CommandError, EXIT } from "./errors.ts";
import { commandHelp, help } from "./help.ts";
import { type Invocation, parseInvocation } from "./invocation.ts";
import { systemTerminal } from "./system.ts";
import type { Terminal } from "./terminal.ts";
import { printable } from "../text/text.ts";

/**
 * Runs a command.
 *
 * @param role The role of the executable.
 * @param args The command line, without the program's name.
 * @param terminal Where to print.
 * @returns The exit status.
 */
export async function runCommand(
  role: Role,
  args: readonly string[],
  terminal: Terminal = systemTerminal(role.plugin),
): Promise<number> {
  try {
    return await carryOut(role, parseInvocation(args), terminal);
  } catch (error) {
    // Whoever read the output has seen enough, as `head` does.
    if (error instanceof Deno.errors.BrokenPipe) return EXIT.success;
    const [message, status] = describe(error);
    terminal.writeError(`${role.plugin}: ${printable(message)}\n`);
    return status;
  }
}

async function carryOut(role: Role, invocation: Invocation, terminal: Terminal): Promise<number> {
  switch (invocation.kind) {
    case "nothing":
      // A runtime that forgot CNI_COMMAND must not take this for success; it shows what is on
      // standard output.
      terminal.write(help(role));
      return EXIT.misuse;
    case "version":
      terminal.write(`${role.plugin} ${VERSION}\n`);
      return EXIT.success;
    case "help":
      terminal.write(invocation.command ? await commandHelp(role, invocation.command) : help(role));
      return EXIT.success;
    case "command": {
      const { run } = await LOAD[invocation.command]();
      return await run(invocation.args, terminal);
    }
    default:
      return invocation satisfies never;
  }
}

function describe(error: unknown): [message: string, status: number] {
  if (error instanceof CommandError) return [error.message, error.status];
  const name = error instanceof Error ? error.name : typeof error;
  return [
    `failed unexpectedly (${name}); this is a defect, please report it`,
    EXIT.failure,
  ];
}
