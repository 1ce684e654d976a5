/**
 * The parts of the benchmark.
 *
 * @module
 */

import type { RoleName } from "../tests/support/cni/plugin.ts";
import { ROLES } from "./contestant.ts";
import { charged, chargedFirst, lacksCgroups } from "./gauges/cgroup.ts";
import type { Gauge } from "./gauges/gauge.ts";
import { instructions } from "./gauges/instructions.ts";
import { memory } from "./gauges/memory.ts";
import { serverTime, traffic, updates } from "./gauges/server.ts";
import { time } from "./gauges/time.ts";
import type { Scene } from "./stage.ts";

/** One series of measurements. */
export interface Part {
  name: string;
  title: string;
  /** The variable, as a table's heading. */
  varied: "ports in the mirror" | "mirrors in the configuration" | "calls at once";
  at: readonly number[];
  roles: readonly RoleName[];
  gauge: Gauge;
  /** Rounds that count. */
  rounds: number;
  /** Whether a further round goes before, to warm up what only matters to the clock. */
  warmUp?: boolean;
  /** The switch for a value of what is varied. */
  scene(at: number): Scene;
}

/** Extent of the measurement. */
export interface Extent {
  ports: readonly number[];
  mirrors: readonly number[];
  calls: readonly number[];
  /** Rounds where the clock is read. */
  rounds: number;
  /** Rounds where what is read varies little. */
  fewRounds: number;
  /** Whether to count instructions, which takes a hundred times as long as to run them. */
  instructions: boolean;
}

/** Extent of the published results. */
export const WHOLE: Extent = {
  ports: [0, 100, 1_000, 10_000],
  mirrors: [1, 2, 4, 8, 16, 32],
  calls: [1, 2, 5, 10, 20, 50, 100],
  rounds: 40,
  fewRounds: 5,
  instructions: true,
};

/** A look at whether all works and nothing is far off. */
export const QUICK: Extent = {
  ports: [0, 10_000],
  mirrors: [1, 32],
  calls: [1, 10],
  rounds: 3,
  fewRounds: 1,
  instructions: false,
};

/**
 * Lists the parts of a run.
 *
 * @param extent How much to measure.
 * @param hasValgrind Whether instructions can be counted.
 * @returns The parts, and what was left out and why.
 */
export function parts(extent: Extent, hasValgrind: boolean): { parts: Part[]; leftOut: string[] } {
  const leftOut: string[] = [];
  const all = [...timed(extent), ...onServer(extent), ofMemory(extent)];
  if (!extent.instructions) leftOut.push("instructions: not in a short run");
  else if (hasValgrind) all.push(ofInstructions(extent));
  else leftOut.push("instructions: valgrind is missing (apt-get install valgrind)");
  if (!lacksCgroups()) all.push(...ofGroups(extent));
  else leftOut.push("memory charged to a control group: none can be made here (needs root)");
  return { parts: all, leftOut };
}

/** More ports than this keep a switch of dummy ports busy for longer than a call takes. */
const MAX_LIVE_PORTS = 100;

const ends = (values: readonly number[]) => [values.at(0)!, values.at(-1)!];

function onPorts(at: readonly number[]) {
  return {
    varied: "ports in the mirror",
    at,
    roles: ROLES,
    scene: (ports: number) => ({ ports, mirrors: 1, pods: 1 }),
  } as const;
}

/** Calls as on a node: a switch runs, and they wait for it. */
function onLivePorts(at: readonly number[]) {
  return {
    ...onPorts(at.filter((count) => count <= MAX_LIVE_PORTS)),
    scene: (ports: number) => ({ ports, mirrors: 1, pods: 1, isLive: true }),
  };
}

function timed({ ports, mirrors, calls, rounds }: Extent): Part[] {
  return [
    {
      ...onLivePorts(ports),
      name: "switch",
      title: "Time with a switch that runs",
      gauge: time,
      rounds,
      warmUp: true,
    },
    {
      ...onPorts(ports),
      name: "ports",
      title: "Time by ports in the mirror, of the database alone",
      gauge: time,
      rounds,
      warmUp: true,
    },
    {
      name: "mirrors",
      title: "Time by mirrors in one configuration",
      varied: "mirrors in the configuration",
      at: mirrors,
      roles: ROLES,
      gauge: time,
      rounds: Math.ceil(rounds / 2),
      warmUp: true,
      scene: (mirrors) => ({ ports: 1, mirrors, pods: 1 }),
    },
    {
      name: "calls",
      title: "Time of calls at once on one mirror",
      varied: "calls at once",
      at: calls,
      // A mirror has one output.
      roles: ["producer"],
      gauge: time,
      rounds: Math.ceil(rounds / 4),
      warmUp: true,
      scene: (pods) => ({ ports: 0, mirrors: 1, pods }),
    },
  ];
}

function onServer({ ports, rounds, fewRounds }: Extent): Part[] {
  const recorded = {
    ...onPorts(ports),
    scene: (ports: number) => ({ ports, mirrors: 1, pods: 1, recorded: true }),
  };
  const few = { ...onPorts(ends(ports)), rounds: fewRounds };
  return [
    { ...recorded, name: "traffic", title: "Requests and bytes", gauge: traffic, rounds: 1 },
    { ...few, name: "server", title: "The server's processor time", gauge: serverTime, rounds },
    { ...few, name: "monitor", title: "Seen by a monitor", gauge: updates("monitor") },
    {
      ...few,
      name: "monitor_cond",
      title: "Seen by a conditional monitor",
      gauge: updates("monitor_cond"),
    },
  ];
}

function ofMemory({ ports, rounds }: Extent): Part {
  const few = Math.ceil(rounds / 4);
  return { ...onPorts(ends(ports)), name: "memory", title: "Memory", gauge: memory, rounds: few };
}

function ofGroups({ ports, fewRounds }: Extent): Part[] {
  const last = { ...onPorts(ports.slice(-1)), rounds: fewRounds };
  return [
    { ...last, name: "charged", title: "Memory charged to a control group", gauge: charged },
    { ...last, name: "first", title: "The same, of a first call", gauge: chargedFirst },
  ];
}

function ofInstructions({ ports }: Extent): Part {
  return {
    ...onLivePorts(ports),
    name: "instructions",
    title: "Instructions, with a switch that runs",
    gauge: instructions,
    rounds: 1,
  };
}
