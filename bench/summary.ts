/**
 * From readings to figures.
 *
 * @module
 */

import { COMMANDS } from "./contestant.ts";
import { differences, ratios, type Spread, spread } from "./statistics.ts";
import type { Cell } from "./trial.ts";

/** Position of a figure in the results. */
export interface Place {
  part: string;
  /** The value of what the part varies. */
  at: number;
  contestant: string;
  role: string;
}

/** Figures of one command. */
export interface Row extends Place {
  command: string;
  /** By the name of what was measured. */
  figures: Record<string, Figure>;
}

/** A figure, compared with the floor of the same rounds. */
export interface Figure {
  value: Spread;
  floor: Spread;
  /** Value / floor, where the floor is not zero. */
  ratio?: Spread;
  /** Value − floor. */
  difference: Spread;
}

/** Calls that did not do what they should; nothing of theirs is compared. */
export interface Failure extends Place {
  reason: string;
}

/**
 * Makes figures of readings.
 *
 * @returns A row for each command of the cells that did not fail, and the failures.
 */
export function summarise(cells: readonly Cell[]): { rows: Row[]; failures: Failure[] } {
  const failed = cells.filter(({ failure }) => failure !== undefined);
  const failures = failed.map((cell) => ({ ...place(cell), reason: cell.failure! }));
  const rows = cells.filter(({ failure }) => failure === undefined).flatMap(rowsOf);
  return { rows, failures };
}

/**
 * How much more a call takes at the last value of what is varied than at the first: quotients of
 * the same round.
 *
 * @param cells Cells of one part.
 * @param name What was measured.
 * @returns The growth for each contestant, role and command.
 */
export function growth(cells: readonly Cell[], name: string) {
  const sound = cells.filter(({ failure }) => failure === undefined);
  const [least, most] = [Math.min, Math.max].map((pick) => pick(...sound.map(({ at }) => at)));
  return sound.filter(({ at }) => at === most && most !== least).flatMap((large) => {
    const small = sound.find((cell) => cell.at === least && isSame(cell, large));
    return small ? COMMANDS.map((command) => growthOf(small, large, command, name)) : [];
  });
}

function growthOf(small: Cell, large: Cell, command: typeof COMMANDS[number], name: string) {
  const values = (cell: Cell) => cell.readings[command].map((reading) => reading[name]!);
  return {
    ...place(large),
    command,
    from: small.at,
    ratio: spread(ratios(values(large), values(small))),
  };
}

function isSame(a: Cell, b: Cell): boolean {
  return a.contestant === b.contestant && a.role === b.role;
}

function rowsOf(cell: Cell): Row[] {
  const names = Object.keys(cell.readings.floor[0] ?? {});
  return COMMANDS.map((command) => {
    const figures = names.map((name) => {
      const of = (step: keyof Cell["readings"]) => cell.readings[step].map((one) => one[name]!);
      return [name, figure(of(command), of("floor"))] as const;
    });
    return { ...place(cell), command, figures: Object.fromEntries(figures) };
  });
}

function figure(values: number[], floors: number[]): Figure {
  return {
    value: spread(values),
    floor: spread(floors),
    ratio: floors.every((floor) => floor > 0) ? spread(ratios(values, floors)) : undefined,
    difference: spread(differences(values, floors)),
  };
}

function place({ part, at, contestant, role }: Cell): Place {
  return { part, at, contestant, role };
}
