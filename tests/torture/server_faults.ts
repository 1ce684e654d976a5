/**
 * A server that stops, dies or starts anew in the middle of a call.
 *
 * @module
 */

import { after, once } from "../support/ovs/faults.ts";
import { callInProcess } from "../support/cni/in_process.ts";
import type { Ovsdb } from "../support/ovs/ovsdb.ts";
import type { Tally } from "./tally.ts";
import { type Scene, scenes, succeed, tryFault } from "./trial.ts";
import { type Command, COMMANDS, type Setting } from "./victim.ts";

/** Deadline of a call that the server does not answer, in seconds. */
const SHORT = 0.25;

/** How long a server stops that goes on in time, in milliseconds. */
const HICCUP = 30;

/**
 * Stops, kills and restarts the server at moments of ADD and DEL.
 *
 * @param tally Where the outcomes are counted.
 * @param settings The states of the mirrors before.
 * @param moments How many moments of each call, evenly spread over the bytes that the plugin sends.
 */
export async function failServer(
  tally: Tally,
  settings: readonly Setting[],
  moments: number,
): Promise<void> {
  for await (const scene of scenes(callInProcess, tally, settings)) {
    for (const command of COMMANDS) {
      const length = await requestBytes(scene, command);
      for (let moment = 0; moment < moments; moment++) {
        const bytes = Math.round(length * moment / (moments - 1));
        await stop(scene, command, bytes);
        await hiccup(scene, command, bytes);
        await kill(scene, command, bytes);
        await restart(scene, command, bytes);
      }
    }
    await deleteBeforeLateCommit(scene);
    await callWithoutServer(scene);
  }
}

async function requestBytes({ proxy, victim, caller }: Scene, command: Command): Promise<number> {
  if (command === "DEL") await victim.call(caller, "ADD");
  proxy.forget();
  await victim.call(caller, command);
  if (command === "ADD") await victim.call(caller, "DEL");
  return proxy.traffic[0]!.bytesToServer;
}

async function stop(scene: Scene, command: Command, bytes: number): Promise<void> {
  const pid = await scene.db.pid();
  const fault = { toServer: after(bytes, () => Deno.kill(pid, "SIGSTOP")) };
  const recover = async () => {
    Deno.kill(pid, "SIGCONT");
    await scene.proxy.idle();
  };
  const name = `server stopped after ${bytes} bytes`;
  await tryFault(scene, { name, command, fault, seconds: SHORT, recover }, true);
}

async function hiccup(scene: Scene, command: Command, bytes: number): Promise<void> {
  const pid = await scene.db.pid();
  const fault = {
    toServer: after(bytes, () => {
      Deno.kill(pid, "SIGSTOP");
      setTimeout(() => Deno.kill(pid, "SIGCONT"), HICCUP);
    }),
  };
  const name = `server stopped for a moment after ${bytes} bytes`;
  const { code, stdout } = await tryFault(scene, { name, command, fault }, true);
  scene.tally.require(code === 0, () => `${scene.victim.label}: ${command}, ${name}: ${stdout}`);
}

async function kill(scene: Scene, command: Command, bytes: number): Promise<void> {
  const pid = await scene.db.pid();
  const fault = { toServer: after(bytes, () => Deno.kill(pid, "SIGKILL")) };
  const recover = () => startAgain(scene.db);
  const name = `server killed after ${bytes} bytes`;
  await tryFault(scene, { name, command, fault, seconds: SHORT, recover }, true);
}

async function restart(scene: Scene, command: Command, bytes: number): Promise<void> {
  let restarted: Promise<void> | undefined;
  const fault = { toServer: once(after(bytes, () => restarted = startAgain(scene.db))) };
  const recover = async () => await restarted;
  const name = `server restarted after ${bytes} bytes`;
  const { code, stdout } = await tryFault(scene, { name, command, fault, recover }, false);
  scene.tally.require(code === 0, () => `${scene.victim.label}: ${command}, ${name}: ${stdout}`);
}

async function startAgain(db: Ovsdb): Promise<void> {
  await db.stop();
  await db.run();
}

/** A change that the server gets to only when its sender has given up and DEL waits too. */
async function deleteBeforeLateCommit(scene: Scene): Promise<void> {
  const { db, proxy, victim, caller, tally } = scene;
  const pid = await db.pid();
  let requests = 0;
  proxy.inject({
    async *toServer(source, strike) {
      for await (const chunk of source) {
        if (++requests === 2) {
          strike();
          Deno.kill(pid, "SIGSTOP");
        }
        yield chunk;
      }
    },
  });
  const added = await victim.call(caller, "ADD", {
    env: { OVS_MIRROR_TIMEOUT: String(SHORT) },
  });
  tally.require(added.json?.code === 11, () => `${victim.label}: ADD, stopped: ${added.stdout}`);
  if (proxy.strikes > 0) tally.faults++;
  proxy.inject();
  const deleting = victim.call(caller, "DEL");
  setTimeout(() => Deno.kill(pid, "SIGCONT"), HICCUP);
  const deleted = await deleting;
  await proxy.idle();
  await victim.judge("DEL", deleted, tally, "before the server got to ADD's change");
  await succeed(scene, "DEL", "after a change that came late");
}

async function callWithoutServer({ db, victim, caller, tally }: Scene): Promise<void> {
  await db.stop();
  for (const command of COMMANDS) {
    tally.faults++;
    const { json } = await victim.call(caller, command, {
      env: { OVS_MIRROR_TIMEOUT: String(SHORT) },
    });
    // Nothing is on record: DEL must not keep the runtime from going on.
    tally.require(
      json?.code === (command === "DEL" ? undefined : 11),
      () =>
        `${victim.label}: ${command} without a server: ` +
        JSON.stringify(json),
    );
  }
  await db.run();
}
