/**
 * One fault, tried on one call, and the calls after it that have to put all in order.
 *
 * @module
 */

import { type Fault, FaultProxy } from "../support/ovs/fault_proxy.ts";
import { Ovsdb } from "../support/ovs/ovsdb.ts";
import type { PluginOutcome, PluginRequest, RoleName } from "../support/cni/plugin.ts";
import type { Told } from "./attachment.ts";
import type { Tally } from "./tally.ts";
import { type Caller, type Command, type Setting, SETTINGS, Victim } from "./victim.ts";

/** By how much a call may miss its deadline, in milliseconds: processes start slowly under load. */
export const GRACE = 2000;

/** Too little time for a call to begin again whose connection broke, in seconds. */
export const NO_SECOND_TRY = 0.28;

/** Where faults are tried. */
export interface Scene {
  db: Ovsdb;
  proxy: FaultProxy;
  victim: Victim;
  caller: Caller;
  tally: Tally;
}

/** A fault and when it strikes. */
export interface Trial {
  /** For messages. */
  name: string;
  command: Command;
  /** A fault of the connection. Default: none. */
  fault?: Fault;
  /** The deadline of the call, in seconds. Default: 10. */
  seconds?: number;
  /** Further changes to the call. */
  request?: Partial<PluginRequest>;
  /** Whether the server says what is not so. The cache is then not to be relied on. */
  isLie?: boolean;
  /** Whether the scene is set already; otherwise ADD comes before a fault in DEL. */
  prepared?: boolean;
  /** Ends what the fault began, such as a stopped server. */
  recover?: () => Promise<void>;
  /** Whether the fault has struck, if it is none of the connection. */
  struck?: (outcome: PluginOutcome) => boolean;
}

/** A plugin's output, and whether it came after a fault. */
export interface TriedOutcome extends PluginOutcome {
  struck: boolean;
}

/** Scenes with either role and each state of the mirrors before, one after the other. */
export async function* scenes(
  caller: Caller,
  tally: Tally,
  settings: readonly Setting[] = SETTINGS,
): AsyncIterable<Scene> {
  for (const role of ["producer", "consumer"] satisfies RoleName[]) {
    for (const setting of settings) {
      await using db = await Ovsdb.start();
      using proxy = new FaultProxy(db.socket);
      const victim = await Victim.prepare(db, proxy.socket, role, setting);
      yield { db, proxy, victim, caller, tally };
    }
  }
}

/**
 * Tries a fault, and whether the calls after it put all in order. It counts if it struck: not
 * every call comes that far.
 *
 * @param scene Where.
 * @param addAgain Whether ADD is called once more after a fault in ADD, before DEL.
 * @returns What the plugin left when the fault struck.
 */
export async function tryFault(
  scene: Scene,
  trial: Trial,
  addAgain: boolean,
): Promise<TriedOutcome> {
  const { proxy, victim, caller, tally } = scene;
  if (trial.command === "DEL" && !trial.prepared) {
    await succeed(scene, "ADD", `before ${trial.name}`);
  }
  proxy.inject(trial.fault);
  const { seconds = 10 } = trial;
  const env = { OVS_MIRROR_TIMEOUT: String(seconds) };
  const started = performance.now();
  const outcome = await victim.call(caller, trial.command, { ...trial.request, env });
  const late = Math.round(performance.now() - started - seconds * 1000);
  tally.peak("milliseconds after the deadline at most", Math.max(0, late));
  tally.require(
    late <= GRACE,
    () => `${victim.label}: ${trial.command}, ${trial.name}: ended ${late} ms after its deadline`,
  );
  const struck = trial.struck ? trial.struck(outcome) : proxy.strikes > 0;
  if (struck) tally.faults++;
  proxy.inject();
  await trial.recover?.();
  await victim.judge(trial.command, outcome, tally, trial.name);
  if (trial.command === "ADD" && addAgain) await succeed(scene, "ADD", `after ${trial.name}`);
  await succeed(scene, "DEL", `after ${trial.name}`, trial.isLie ? undefined : FORGOTTEN);
  return { ...outcome, struck };
}

/** The runtime knows no more than that there was an attachment; the cache has to know the rest. */
export const FORGOTTEN: Told = { result: "is absent", netns: false };

/**
 * Calls the plugin, which has to succeed.
 *
 * @param scene Where.
 * @param occasion What happened before, for messages.
 * @param told What the runtime tells of the attachment. Default: everything.
 */
export async function succeed(
  { victim, caller, tally }: Scene,
  command: Command,
  occasion: string,
  told?: Told,
): Promise<void> {
  const outcome = await victim.call(caller, command, {}, told);
  tally.require(
    outcome.code === 0,
    () => `${victim.label}: ${command}, ${occasion}: failed: ${outcome.stdout}`,
  );
  await victim.judge(command, outcome, tally, occasion);
}
