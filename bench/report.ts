/**
 * The results of a run: as text, as JSON and as a picture.
 *
 * @module
 */

import type { Machine } from "./machine.ts";
import type { Part } from "./parts.ts";
import { plot } from "./plot.ts";
import { type Failure, growth, type Row, summarise } from "./summary.ts";
import { around, markdown, tableOf } from "./tables.ts";
import type { Cell } from "./trial.ts";

/** What JSON has of a part. */
export interface PartResult extends Pick<Part, "name" | "title" | "varied" | "rounds"> {
  rows: Row[];
  failures: Failure[];
  /** Wall time at the largest against that at the smallest. */
  growth: ReturnType<typeof growth>;
}

/** Collects results. */
export class Report {
  readonly #machine: Machine;
  readonly #leftOut: readonly string[];
  readonly #results: PartResult[] = [];

  constructor(machine: Machine, leftOut: readonly string[]) {
    this.#machine = machine;
    this.#leftOut = leftOut;
  }

  /** Whether there is something that could not be compared. */
  get failed(): boolean {
    return this.#results.some(({ failures }) => failures.length > 0);
  }

  /** Takes the readings of a part. */
  add({ name, title, varied, rounds }: Part, cells: readonly Cell[]): void {
    const grown = name === "ports" ? growth(cells, "wall") : [];
    this.#results.push({ name, title, varied, rounds, ...summarise(cells), growth: grown });
  }

  /** The results in Markdown. */
  text(): string {
    const machine = Object.entries(this.#machine).map(([name, value]) => `${name}: ${value}`);
    const left = this.#leftOut.map((what) => `left out: ${what}`);
    return [...machine, ...left, ...this.#results.flatMap(sectionOf)].join("\n");
  }

  /** Writes `performance.json` and `performance.svg` into a directory that is there. */
  async write(directory: string): Promise<void> {
    const content = { machine: this.#machine, leftOut: this.#leftOut, parts: this.#results };
    await Deno.writeTextFile(`${directory}/performance.json`, JSON.stringify(content) + "\n");
    await Deno.writeTextFile(`${directory}/performance.svg`, plot(this.#results));
  }
}

function sectionOf({ title, varied, rounds, rows, failures, growth }: PartResult): string[] {
  return [
    "",
    `## ${title}`,
    "",
    `Medians and quartiles of ${rounds} rounds.`,
    "",
    ...tableOf(rows, varied),
    ...(growth.length > 0 ? ["", ...growthTable(growth)] : []),
    ...failures.map(({ contestant, role, at, reason }) =>
      `\nNot compared: ${contestant}, ${role}, ${at} ${varied}: ${reason}`
    ),
  ];
}

function growthTable(grown: PartResult["growth"]): string[] {
  const rows = grown.map(({ from, at, role, command, contestant, ratio }) => [
    `${at.toLocaleString("en")} / ${from.toLocaleString("en")}`,
    role,
    command,
    contestant,
    around(ratio, 3),
  ]);
  return markdown([["wall at", "role", "command", "of", "ratio"], ...rows]);
}
