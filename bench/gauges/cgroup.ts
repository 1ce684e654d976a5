/**
 * How much memory is charged to the control group that a program runs in, such as that of a
 * daemon that calls plugins.
 *
 * @module
 */

import type { Finished } from "../../tests/support/run/process.ts";
import { succeed } from "../../tests/support/run/process.ts";
import { type Invocation, launch } from "../invocation.ts";
import type { Stage } from "../stage.ts";
import type { Reading } from "./gauge.ts";

/** Where control groups of version 1 and 2 are, and what tells the most that was charged. */
const HIERARCHIES = [
  { root: "/sys/fs/cgroup/memory", peak: "memory.max_usage_in_bytes" },
  { root: "/sys/fs/cgroup", peak: "memory.peak" },
];

/** The shell joins the group, then becomes the program. */
const JOIN = 'echo $$ >"$0/cgroup.procs"; exec "$@"';

/** Tells whether this machine lets us make control groups that count memory. */
export function lacksCgroups(): boolean {
  return findHierarchy() === undefined;
}

/**
 * Measures `charged`, the most that was charged at a time, in MB, with the executable in the page
 * cache already: that is charged to whoever read it first.
 */
export async function charged(_: Stage, [invocation]: readonly Invocation[]): Promise<Reading> {
  return await readGroup(invocation!);
}

/** Measures the same for a first call, which is charged for the pages of the executable too. */
export async function chargedFirst(stage: Stage, [first]: readonly Invocation[]): Promise<Reading> {
  const program = `${stage.host.db.directory}/copy`;
  await Deno.copyFile(first!.program, program);
  // Writes the copy to the disk, and out of the page cache.
  await succeed("dd", `of=${program}`, "oflag=nocache", "conv=notrunc,fdatasync", "count=0");
  return await readGroup({ ...first!, program });
}

async function readGroup(invocation: Invocation): Promise<Reading> {
  const { root, peak } = findHierarchy()!;
  const group = await Deno.makeTempDir({ dir: root, prefix: "ovs-mirror-bench-" });
  let finished: Finished;
  let bytes: number;
  try {
    finished = await launch(invocation, ["sh", "-c", JOIN, group]);
    bytes = Number(await Deno.readTextFile(`${group}/${peak}`));
  } finally {
    await Deno.remove(group);
  }
  return { values: { charged: bytes / 1e6 }, finished: [finished] };
}

function findHierarchy() {
  return HIERARCHIES.find(({ root, peak }) => {
    try {
      const group = Deno.makeTempDirSync({ dir: root, prefix: "ovs-mirror-bench-" });
      const has = Array.from(Deno.readDirSync(group)).some(({ name }) => name === peak);
      Deno.removeSync(group);
      return has;
    } catch {
      return false;
    }
  });
}
