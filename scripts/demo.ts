/**
 * The product's main job, from start to end: the three test cases of the traffic mirroring
 * specification on a private Open vSwitch. Leaves nothing behind, also when interrupted.
 *
 * `OVS_CNI=PATH` uses the real `ovs` plugin; `OVS_MIRROR_DIST=DIR` uses executables built before.
 *
 * @module
 */

import { CASES } from "../tests/cni/cases.ts";
import { ChainError } from "../tests/support/cni/chain.ts";
import { REAL_OVS_PLUGIN } from "../tests/support/ovs/ovs_plugin.ts";
import { succeed } from "../tests/support/run/process.ts";
import { SWITCH_PROGRAMS } from "../tests/support/run/programs.ts";
import { createRuntime } from "../tests/support/cni/runtime.ts";
import { play } from "./demo/act.ts";
import { field, heading } from "./demo/print.ts";
import { remains, Stage } from "./demo/stage.ts";
import { exitStatus, interruption } from "./interruption.ts";
import { ensureExecutables, ensurePrograms, isLack } from "./prepare.ts";

Deno.exit(await run(interruption()));

/** Runs the demo, and returns its exit status. */
async function run(signal: AbortSignal): Promise<number> {
  const opened: string[] = [];
  let status = 0;
  try {
    heading("Pods' traffic, mirrored by ovs-mirror-producer and ovs-mirror-consumer");
    await ensurePrograms(SWITCH_PROGRAMS, field);
    signal.throwIfAborted();
    await ensureExecutables(field, signal);
    signal.throwIfAborted();
    await using stage = await Stage.open();
    opened.push(stage.db.directory);
    await perform(stage, signal);
  } catch (error) {
    status = explain(error, signal);
  }
  const left = (await Promise.all(opened.map(remains))).flat();
  if (left.length > 0) {
    heading(`Left behind: ${left.join(", ")}`);
    return 1;
  }
  heading("Nothing is left behind");
  for (const directory of opened) field("gone", `all processes of the switch, ${directory}`);
  return status;
}

async function perform(stage: Stage, signal: AbortSignal): Promise<void> {
  const { db, node, lack } = stage;
  const version = /\d+\.\d+\.\d+/.exec(await succeed("ovsdb-server", "--version"))?.[0];
  field("switch", `Open vSwitch ${version}, private, in ${db.directory}`);
  if (node) field("", `pods are network namespaces, made ${node.isolation}`);
  else field("left out", "pods, packets and captures: only the database runs", lack!);
  const ovs = node && REAL_OVS_PLUGIN
    ? REAL_OVS_PLUGIN
    : "a stand-in; OVS_CNI=PATH uses a real one";
  field("ovs", ovs);
  const runtime = createRuntime(db, node);
  for (const [index, testCase] of CASES.entries()) {
    signal.throwIfAborted();
    heading(`Test case ${index + 1}: ${testCase.title}`);
    await play(testCase, stage, runtime, signal);
  }
}

/** Says why the demo ended early, and returns its exit status. */
function explain(error: unknown, signal: AbortSignal): number {
  if (signal.aborted) {
    heading(`Ended by ${signal.reason}`);
    return exitStatus(signal);
  }
  const expected = isLack(error) || error instanceof ChainError;
  console.error(expected ? `\n${error.message}` : error);
  return 1;
}
