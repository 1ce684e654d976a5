/**
 * State of ovs-vswitchd, which may be dead while its database answers.
 *
 * @module
 */

import { Client } from "../ovsdb/client.ts";
import type { Endpoint } from "../ovsdb/endpoint.ts";
import { DeadlineError, RequestError } from "../ovsdb/error.ts";

/** State of ovs-vswitchd. */
export type SwitchState = "running" | "not running" | "not answering" | "unknown";

/** Result of looking for ovs-vswitchd. */
export interface SwitchProbe {
  state: SwitchState;
  /** Seconds since it was started, if that is known. */
  uptime?: number;
}

/** Milliseconds in which it has to answer; it may be busy with a change of many ports. */
const TIMEOUT = 5000;

/** Files in the directory of a local Open vSwitch. */
const SWITCH_PID = "ovs-vswitchd.pid";
const DATABASE_PID = "ovsdb-server.pid";

/**
 * Finds out whether the switch lives, by its pid file and its control socket, which are beside the
 * database's socket. Its process itself may be in another container.
 *
 * @returns What is known; nothing of a switch on another host, or in an unusual place.
 */
export async function probeSwitch(endpoint: Endpoint): Promise<SwitchProbe> {
  if (endpoint.transport !== "unix") return { state: "unknown" };
  const directory = endpoint.path.slice(0, endpoint.path.lastIndexOf("/"));
  const file = await readPid(`${directory}/${SWITCH_PID}`);
  if (file === undefined) {
    // A switch that ends in good order takes its file along; without the database's file beside it
    // this is no place where it would have one.
    const database = await readPid(`${directory}/${DATABASE_PID}`);
    return { state: database === undefined ? "unknown" : "not running" };
  }
  const state = await ask(`${directory}/ovs-vswitchd.${file.pid}.ctl`);
  const age = Date.now() - (file.written?.getTime() ?? NaN);
  return { state, ...age >= 0 && { uptime: age / 1000 } };
}

async function ask(path: string): Promise<SwitchState> {
  try {
    using control = await Client.connect(
      { transport: "unix", path },
      { signal: AbortSignal.timeout(TIMEOUT) },
    );
    await control.call("version", []);
    return "running";
  } catch (error) {
    if (error instanceof RequestError) return "running";
    if (error instanceof DeadlineError) return "not answering";
    const cause = (error as Error).cause;
    return cause instanceof Deno.errors.PermissionDenied ? "unknown" : "not running";
  }
}

/** The number in a pid file, which is nothing but digits and a line end. */
async function readPid(
  path: string,
): Promise<{ pid: number; written: Date | null } | undefined> {
  try {
    const { isFile, mtime } = await Deno.lstat(path);
    if (!isFile) return undefined;
    using file = await Deno.open(path);
    const buffer = new Uint8Array(16);
    const length = await file.read(buffer) ?? 0;
    const [, digits] = /^(\d+)\n?$/.exec(new TextDecoder().decode(buffer.subarray(0, length))) ??
      [];
    return digits === undefined ? undefined : { pid: Number(digits), written: mtime };
  } catch {
    return undefined;
  }
}
