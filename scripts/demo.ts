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
import { createRuntime } from "../tests/support/cni/runtime.ts";
import { play } from "./demo/act.ts";
import { field, heading } from "./demo/print.ts";
import { ensureExecutables, ensurePrograms, Lack } from "./demo/programs.ts";
import { remains, Stage } from "./demo/stage.ts";

/** Exit statuses of a program that a signal has ended. */
const EXIT_STATUS = { SIGINT: 130, SIGTERM: 143 } as const;

const interruption = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(name, () => interruption.abort(name));
}
Deno.exit(await run(interruption.signal));

/** Runs the demo, and returns its exit status. */
async function run(signal: AbortSignal): Promise<number> {
  const opened: string[] = [];
  let status = 0;
  try {
    await prepare(signal);
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

async function prepare(signal: AbortSignal): Promise<void> {
  heading("Pods' traffic, mirrored by ovs-mirror-producer and ovs-mirror-consumer");
  await ensurePrograms();
  signal.throwIfAborted();
  await ensureExecutables();
  signal.throwIfAborted();
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
function explain(error: unknown, { aborted, reason }: AbortSignal): number {
  if (aborted) {
    heading(`Ended by ${reason}`);
    return EXIT_STATUS[reason as keyof typeof EXIT_STATUS];
  }
  const expected = error instanceof Lack || error instanceof ChainError;
  console.error(expected ? `\n${error.message}` : error);
  return 1;
}
