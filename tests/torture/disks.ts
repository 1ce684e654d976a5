/**
 * Disks that are full or read-only.
 *
 * @module
 */

import { callPlugin, type PluginOutcome } from "../support/cni/plugin.ts";
import { SmallDisk } from "../support/run/small_disk.ts";
import type { Tally } from "./tally.ts";
import { type Scene, scenes, succeed, tryFault } from "./trial.ts";
import { type Command, COMMANDS, type Setting } from "./victim.ts";

/** The code of errors of files. */
const IO_FAILURE = 5;

/**
 * Calls the plugins with the cache on a disk that is full or read-only.
 *
 * @param tally Where the outcomes are counted.
 * @param settings The states of the mirrors before.
 */
export async function exhaustDisks(tally: Tally, settings: readonly Setting[]): Promise<void> {
  for await (const scene of scenes(callPlugin, tally, settings)) {
    const place = `${scene.db.directory}/disk`;
    await Deno.mkdir(place);
    await using disk = await SmallDisk.mount(place);
    scene.victim.cache = `${disk.path}/cache`;
    const cache = { OVS_MIRROR_CACHE_DIR: `${place}/cache` };
    scene.caller = (role, request) => {
      const env = { ...request.env, ...cache };
      return callPlugin(role, { ...request, env, through: disk.through });
    };
    await fillDisk(scene, disk);
    for (const command of COMMANDS) await forbidChanges(scene, disk, command);
    await deleteNothing(scene, disk);
  }
}

/** A full disk keeps ADD from being recorded, whether for the first time or again, but not DEL. */
async function fillDisk(scene: Scene, disk: SmallDisk): Promise<void> {
  await disk.fill();
  const recover = () => disk.free();
  await mustFail(scene, "ADD", "full disk", recover);
  await succeed(scene, "ADD", "before a full disk");
  await disk.fill();
  await mustFail(scene, "ADD", "full disk, for the second time", recover);
  await succeed(scene, "ADD", "before a full disk");
  await disk.fill();
  scene.tally.faults++;
  await succeed(scene, "DEL", "full disk");
  await disk.free();
}

async function forbidChanges(scene: Scene, disk: SmallDisk, command: Command): Promise<void> {
  if (command === "DEL") await succeed(scene, "ADD", "before a read-only disk");
  await disk.setReadOnly(true);
  await mustFail(scene, command, "read-only disk", () => disk.setReadOnly(false));
}

/** What was never added leaves nothing to be removed. */
async function deleteNothing(scene: Scene, disk: SmallDisk): Promise<void> {
  await disk.setReadOnly(true);
  scene.tally.faults++;
  await succeed(scene, "DEL", "read-only disk, nothing added");
  await disk.setReadOnly(false);
}

async function mustFail(
  scene: Scene,
  command: Command,
  name: string,
  recover: () => Promise<void>,
): Promise<void> {
  const struck = ({ json }: PluginOutcome) => json?.code === IO_FAILURE;
  const trial = { name, command, recover, struck, prepared: true };
  const { json } = await tryFault(scene, trial, true);
  scene.tally.require(
    json?.code === IO_FAILURE,
    () =>
      `${scene.victim.label}: ${command}, ${name}: not an error of the file, ` +
      JSON.stringify(json),
  );
}
