/**
 * The process's own streams and signals, as commands for people see them.
 *
 * @module
 */

import { CommandError, EXIT } from "./errors.ts";
import type { Terminal } from "./terminal.ts";

/** Columns where there is no terminal to ask. */
const DEFAULT_COLUMNS = 80;

/**
 * The terminal that the process was started from, or what its streams were redirected to.
 *
 * @returns The terminal; its size is that of the moment.
 */
export function systemTerminal(): Terminal {
  const isTerminal = Deno.stdout.isTerminal();
  return {
    isTerminal,
    color: isTerminal && !Deno.env.get("NO_COLOR"),
    write(text) {
      try {
        writeAll(Deno.stdout, text);
      } catch (error) {
        if (error instanceof Deno.errors.BrokenPipe) throw error;
        throw new CommandError(`cannot write: ${(error as Error).message}`, EXIT.failure);
      }
    },
    writeError(text) {
      try {
        writeAll(Deno.stderr, text);
      } catch {
        // There is nobody left to tell.
      }
    },
    get columns() {
      return isTerminal ? Deno.consoleSize().columns || DEFAULT_COLUMNS : DEFAULT_COLUMNS;
    },
    get rows() {
      return isTerminal ? Deno.consoleSize().rows || undefined : undefined;
    },
  };
}

function writeAll(stream: { writeSync(bytes: Uint8Array): number }, text: string): void {
  let bytes = new TextEncoder().encode(text);
  while (bytes.length > 0) bytes = bytes.subarray(stream.writeSync(bytes));
}

/**
 * Lets a person end a command in good order.
 *
 * @returns Aborted when the process is interrupted or told to end.
 */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, () => controller.abort());
  }
  return controller.signal;
}
