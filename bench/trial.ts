/**
 * Runs programs in turns and collects what the gauge reads.
 *
 * @module
 */

import type { RoleName } from "../tests/support/cni/plugin.ts";
import { type Command, COMMANDS, type Contestant } from "./contestant.ts";
import type { Gauge } from "./gauges/gauge.ts";
import type { Invocation } from "./invocation.ts";
import type { Part } from "./parts.ts";
import { Stage } from "./stage.ts";
import { assertSucceeded } from "./verdict.ts";

/** Readings of the floor and of each command, one per round. */
export type Readings = Record<Command | "floor", Record<string, number>[]>;

/** One contestant in one role on one switch. */
export interface Cell {
  part: string;
  /** The value of what the part varies. */
  at: number;
  contestant: string;
  role: RoleName;
  readings: Readings;
  /** Failure of the trial; its readings mean nothing then. */
  failure?: string;
}

/** The surroundings that a part needs. */
export interface Field {
  contestants: readonly Contestant[];
  /** Path of the program that does nothing. */
  floor: string;
  /** Aborted when the benchmark is to end. */
  signal: AbortSignal;
}

/**
 * Carries out a part: in each round every contestant at every size, next to each other, each right
 * after the floor. Every second round goes the other way, so that nobody always comes first.
 *
 * @param part What to do.
 * @param field Who takes part.
 * @returns A cell for each size, contestant and role.
 */
export async function carryOut(part: Part, { contestants, floor, signal }: Field): Promise<Cell[]> {
  await using stages = new AsyncDisposableStack();
  const trials: Trial[] = [];
  for (const at of part.at) {
    for (const contestant of contestants) {
      signal.throwIfAborted();
      const stage = stages.use(await Stage.start(part.scene(at)));
      for (const role of part.roles) {
        const cell = { part: part.name, at, contestant: contestant.name, role, readings: none() };
        trials.push(new Trial(cell, stage, contestant, part.gauge, floor));
      }
    }
  }
  for (let round = part.warmUp ? 0 : 1; round <= part.rounds; round++) {
    for (const trial of round % 2 === 0 ? trials : trials.toReversed()) {
      signal.throwIfAborted();
      await trial.round(round > 0);
    }
  }
  return trials.map(({ cell }) => cell);
}

function none(): Readings {
  return { floor: [], ADD: [], CHECK: [], DEL: [] };
}

class Trial {
  constructor(
    readonly cell: Cell,
    readonly stage: Stage,
    readonly contestant: Contestant,
    readonly gauge: Gauge,
    readonly floor: string,
  ) {}

  /** One round; a contestant that failed is out. */
  async round(counts: boolean): Promise<void> {
    if (this.cell.failure !== undefined) return;
    try {
      for (const step of ["floor", ...COMMANDS] as const) {
        const values = await this.#step(step);
        if (counts) this.cell.readings[step].push(values);
      }
    } catch (error) {
      this.cell.failure = (error as Error).message;
    }
  }

  async #step(step: Command | "floor"): Promise<Record<string, number>> {
    const { stage, gauge, cell: { role } } = this;
    const { values, finished } = await gauge(stage, this.#invocations(step));
    assertSucceeded(step, finished);
    if (step !== "floor") await stage.assertAttached(role, step !== "DEL");
    return values;
  }

  #invocations(step: Command | "floor"): Invocation[] {
    const { stage, contestant, cell: { role } } = this;
    if (step !== "floor") return stage.invocations(contestant, role, step);
    const program = this.floor;
    return stage.invocations(contestant, role, "ADD").map((call) => ({ ...call, program }));
  }
}
