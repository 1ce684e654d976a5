/**
 * Repeats a command when the server restarts during a call. Loaded only then.
 *
 * @module
 */

import { ConnectionError } from "../../ovsdb/error.ts";
import type { Call, Run } from "../call.ts";

/** Longest pause before a server is tried again, in milliseconds. */
const PAUSE = 100;

/** Part of the call's time that is reserved for reporting an error, in milliseconds. */
const MARGIN = 200;

/** The commands that use their whole time; runtimes repeat the others by themselves. */
const PATIENT = ["ADD", "CHECK", "DEL"];

/**
 * Repeats a command while its server is away, until the call's time is over. Commands are
 * idempotent, so one whose answer was lost after the commit may be repeated.
 *
 * @param call The call.
 * @param run The command.
 * @param error How it ended at first.
 * @returns What the command returns.
 * @throws What it threw last.
 */
export async function runAgain(call: Call, run: Run, error: unknown): Promise<string | void> {
  let wasThere = false;
  while (PATIENT.includes(call.request.command) && error instanceof ConnectionError) {
    // If nothing ever listened, a wrong path is more likely than a restart of the server.
    wasThere ||= isLost(error) || await isLeftBehind(call, error);
    if (!wasThere || isForbidden(error) || call.deadline.left < MARGIN + PAUSE) break;
    await new Promise((resolve) => setTimeout(resolve, Math.random() * PAUSE));
    try {
      return await run(call);
    } catch (next) {
      error = next;
    }
  }
  throw error;
}

/** Tells whether an established connection broke. */
function isLost({ message }: ConnectionError): boolean {
  return !message.startsWith("cannot connect");
}

/**
 * Tells whether nobody listens at an existing socket: its server was killed, and may be restarting.
 */
async function isLeftBehind(call: Call, { cause, server }: ConnectionError): Promise<boolean> {
  const endpoint = server ?? call.endpoint;
  if (!(cause instanceof Deno.errors.ConnectionRefused) || endpoint?.transport !== "unix") {
    return false;
  }
  return await Deno.stat(endpoint.path).then(({ isSocket }) => isSocket === true, () => false);
}

function isForbidden({ cause }: ConnectionError): boolean {
  return cause instanceof Deno.errors.PermissionDenied || cause instanceof Deno.errors.NotCapable;
}
