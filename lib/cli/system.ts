/**
 * The process's own streams and signals, as commands for people see them.
 *
 * @module
 */

import { CommandError, EXIT } from "./errors.ts";
import type { Terminal } from "./terminal.ts";

/** Columns where a terminal does not say how many it has. */
const DEFAULT_COLUMNS = 80;

/**
 * The terminal that the process was started from, or what its streams were redirected to.
 *
 * @param program The program's name.
 * @returns The terminal; its size is that of the moment.
 */
export function systemTerminal(program: string): Terminal {
  const isTerminal = Deno.stdout.isTerminal();
  const isDumb = Deno.env.get("TERM") === "dumb";
  return {
    program,
    isTerminal,
    color: isTerminal && !isDumb && !Deno.env.get("NO_COLOR"),
    isDumb,
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

/** The end of a command that a person wants. */
export interface Interruption extends Disposable {
  /** Aborted when the process is interrupted or told to end, or when `q` is typed. */
  signal: AbortSignal;
}

/**
 * Lets a person end a command in good order.
 *
 * @returns The signal; leaving its scope gives the keyboard back to the shell.
 */
export function interruption(): Interruption {
  const controller = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, () => controller.abort());
  }
  const hasKeyboard = Deno.stdin.isTerminal() && Deno.stdout.isTerminal();
  if (hasKeyboard) {
    Deno.stdin.setRaw(true, { cbreak: true });
    untilQuit().then(() => controller.abort(), () => {});
  }
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      if (hasKeyboard) Deno.stdin.setRaw(false);
    },
  };
}

/** Reads keys until one of them is `q`; without a keyboard, only signals end the command. */
async function untilQuit(): Promise<void> {
  const keys = new Uint8Array(64);
  while (true) {
    const count = await Deno.stdin.read(keys);
    if (count === null) return await new Promise(() => {});
    if (/q/i.test(new TextDecoder().decode(keys.subarray(0, count)))) return;
  }
}
