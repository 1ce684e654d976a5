/**
 * The results of a run, as Markdown and as JSON.
 *
 * @module
 */

import type { Machine } from "./machine.ts";
import type { Part } from "./parts.ts";
import { noiseOf } from "./quiet.ts";
import { type Failure, growth, type Row, summarise } from "./summary.ts";
import { around, markdown, tableOf } from "./tables.ts";
import type { Cell } from "./trial.ts";

/** A part in the JSON report. */
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

  /** Parts of which the machine was not quiet enough, and why. */
  noise(): string[] {
    return this.#results.flatMap(({ name, rows }) => {
      const noise = noiseOf(rows);
      return noise === undefined ? [] : [`${name}: ${noise}`];
    });
  }

  /** The report of the parts of which the machine was quiet enough; it says which are missing. */
  quiet(): Report {
    const left = this.noise().map((noise) => `${noise}, so the machine was not quiet`);
    const report = new Report(this.#machine, [...this.#leftOut, ...left]);
    report.#results.push(...this.#results.filter(({ rows }) => noiseOf(rows) === undefined));
    return report;
  }

  /** Takes the readings of a part. */
  add({ name, title, varied, rounds }: Part, cells: readonly Cell[]): void {
    const grown = name === "ports" ? growth(cells, "wall") : [];
    this.#results.push({ name, title, varied, rounds, ...summarise(cells), growth: grown });
  }

  /** The results in Markdown. */
  text(): string {
    const machine = Object.entries(this.#machine).map(([name, value]) => `- ${name}: ${value}`);
    const left = this.#leftOut.map((what) => `- left out: ${what}`);
    const sections = this.#results.flatMap(sectionOf);
    return ["# What a call costs", "", ...machine, ...left, ...sections].join("\n");
  }

  /** Writes `performance.json` and `performance.md` into a directory that is there. */
  async write(directory: string): Promise<void> {
    const content = { machine: this.#machine, leftOut: this.#leftOut, parts: this.#results };
    await Deno.writeTextFile(`${directory}/performance.json`, JSON.stringify(content) + "\n");
    await Deno.writeTextFile(`${directory}/performance.md`, this.text() + "\n");
  }
}

function sectionOf({ title, varied, rounds, rows, failures, growth }: PartResult): string[] {
  return [
    "",
    `## ${title}`,
    "",
    rounds === 1 ? "One round." : `Medians and quartiles of ${rounds} rounds.`,
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
