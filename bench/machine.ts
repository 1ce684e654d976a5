/**
 * The machine that the benchmark ran on.
 *
 * @module
 */

import { succeed } from "../tests/support/run/process.ts";

/** The machine and the versions of what was measured. */
export interface Machine {
  date: string;
  commit: string;
  processor: string;
  cores: number;
  /** In GB. */
  memory: number;
  kernel: string;
  deno: string;
  v8: string;
  openVSwitch: string;
  /** Load averages of 1, 5 and 15 minutes when the benchmark began. */
  load: number[];
}

/** Describes the machine. */
export async function describeMachine(): Promise<Machine> {
  const { deno, v8 } = Deno.version;
  return {
    date: new Date().toISOString().slice(0, 10),
    commit: await commit(),
    processor: field(await Deno.readTextFile("/proc/cpuinfo"), /^model name\s*: (.*)$/m),
    cores: navigator.hardwareConcurrency,
    memory: Math.round(Deno.systemMemoryInfo().total / 1e9),
    kernel: Deno.osRelease(),
    deno,
    v8,
    openVSwitch: field(await succeed("ovsdb-server", "--version"), /(\d+\.\d+\.\d+)/),
    load: Deno.loadavg(),
  };
}

/** Such as `0123abc`, or `0123abc, changed`; there may be no repository. */
async function commit(): Promise<string> {
  try {
    const id = (await succeed("git", "rev-parse", "--short", "HEAD")).trim();
    return await succeed("git", "status", "--porcelain") === "" ? id : `${id}, changed`;
  } catch {
    return "unknown";
  }
}

function field(text: string, pattern: RegExp): string {
  return pattern.exec(text)?.[1] ?? "unknown";
}
