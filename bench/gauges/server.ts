/**
 * What a call costs the database: the server's processor time, requests and bytes, and what others
 * who watch get to see of it.
 *
 * @module
 */

import { Client } from "../../lib/ovsdb/client.ts";
import { type Invocation, launchAll } from "../invocation.ts";
import type { Stage } from "../stage.ts";
import type { Gauge, Reading } from "./gauge.ts";

/** Measures `server`, the processor time of `ovsdb-server`, in milliseconds. */
export async function serverTime(
  stage: Stage,
  invocations: readonly Invocation[],
): Promise<Reading> {
  const { db } = stage.host;
  const tasks = `/proc/${await db.pid()}/task`;
  const before = runTime(tasks);
  const finished = await launchAll(invocations);
  // Once it answers, it is also done with closing the plugins' connections.
  await db.transact([]);
  return { values: { server: runTime(tasks) - before }, finished };
}

/** Measures `requests`, and bytes `sent` to and `received` from the server. */
export async function traffic(stage: Stage, invocations: readonly Invocation[]): Promise<Reading> {
  const { finished, requests, sent, received } = await stage.recorded(() => launchAll(invocations));
  return { values: { requests, sent, received }, finished };
}

/**
 * Measures `seen`, the bytes of JSON that a client gets to see that monitors all of `Mirror`.
 *
 * @param method The method that it monitors by.
 */
export function updates(method: "monitor" | "monitor_cond"): Gauge {
  return async (stage, invocations) => {
    let seen = 0;
    using client = await Client.connect({ transport: "unix", path: stage.host.db.socket }, {
      onNotification: (method, params) => {
        seen += JSON.stringify({ id: null, method, params }).length;
      },
    });
    await client.call(method, ["Open_vSwitch", null, { Mirror: {} }]);
    const finished = await launchAll(invocations);
    // The server answers in order, so all updates are here then.
    await client.echo();
    return { values: { seen }, finished };
  };
}

/** Processor time of all threads of a process, in milliseconds. */
function runTime(tasks: string): number {
  const times = Array.from(Deno.readDirSync(tasks), ({ name }) => {
    const [nanoseconds] = Deno.readTextFileSync(`${tasks}/${name}/schedstat`).split(" ");
    return Number(nanoseconds);
  });
  return times.reduce((sum, time) => sum + time, 0) / 1e6;
}
