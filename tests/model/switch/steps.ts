/**
 * ADD, CHECK and DEL on a switch: the commands themselves, with a model database and a directory in
 * memory.
 *
 * @module
 */

import type { PluginRequest } from "../../../lib/cni/skel.ts";
import { Refusal } from "../../../lib/mirror/refusal.ts";
import { Call, type Run } from "../../../lib/plugin/call.ts";
import { run as runAdd } from "../../../lib/plugin/commands/add.ts";
import { run as runCheck } from "../../../lib/plugin/commands/check.ts";
import { run as runDel } from "../../../lib/plugin/commands/del.ts";
import { Deadline } from "../../../lib/plugin/deadline.ts";
import type { Session } from "../../../lib/plugin/database/session.ts";
import type { MirrorCall } from "../semantics/call.ts";
import { MemoryDirectory } from "./memory.ts";
import { requestFor } from "./request.ts";

/** Tells how a command ended: the refusal, if it was refused. */
export type Step = (
  session: Session,
  call: MirrorCall,
  directory?: MemoryDirectory,
) => Promise<Refusal | undefined>;

/** Attaches. */
export const add: Step = (...args) => step("ADD", runAdd, ...args);

/** Looks whether all is as it was after ADD. */
export const check: Step = (...args) => step("CHECK", runCheck, ...args);

/** Detaches; an empty network namespace is one that is not known any more. */
export const del: Step = (...args) => step("DEL", runDel, ...args);

async function step(
  command: PluginRequest["command"],
  run: Run,
  session: Session,
  call: MirrorCall,
  directory = new MemoryDirectory(),
): Promise<Refusal | undefined> {
  const connection = {
    transact: (_: string, operations: Parameters<Session["transact"]>[0]) =>
      session.transact(operations),
    close: () => {},
  };
  const surroundings = {
    directory,
    deadline: new Deadline(60_000, new AbortController().signal),
    waits: false,
    connect: () => Promise.resolve(connection),
  };
  try {
    await run(new Call(call.role, surroundings, requestFor(command, call)));
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}
