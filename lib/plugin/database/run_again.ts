/**
 * What to do when the server restarts in the middle of a call. Loaded only then.
 *
 * @module
 */

import { ConnectionError } from "../../ovsdb/error.ts";
import type { Call, Run } from "../call.ts";

/** Longest pause before a server is tried again, in milliseconds. */
const PAUSE = 100;

/** How much of the call's time is left for its error, in milliseconds. */
const MARGIN = 200;

/** The commands that use their whole time; the others are for runtimes that ask again. */
const PATIENT = ["ADD", "CHECK", "DEL"];

/**
 * Runs a command again and again while its server is away, until the call's time is over. What was
 * committed although its answer was lost is found done: each of the commands may be repeated.
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
    // Where nothing ever listened, the path is more likely wrong than the server restarting.
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

/** There was a connection, and it broke. */
function isLost({ message }: ConnectionError): boolean {
  return !message.startsWith("cannot connect");
}

/** Nobody listens at a socket that is there: its server was killed, and may be starting again. */
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
