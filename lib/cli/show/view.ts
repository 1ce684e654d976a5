/**
 * The output of `show --watch`: a screen drawn anew, or a log where there is no screen.
 *
 * @module
 */

import type { Terminal } from "../terminal.ts";
import { events } from "./events.ts";
import { layOut } from "./layout.ts";
import { totalRate, totals } from "../../observe/model.ts";
import type { Report } from "../../observe/report.ts";
import { formatTable } from "./table.ts";
import { formatBytes, formatRate } from "../../observe/units.ts";
import type { JudgedMirror } from "../../observe/verdict.ts";
import { atLeast, atMost, type Interest, nameOf, outputsOf } from "../../observe/words.ts";

/** Shows mirrors again and again. */
export interface View {
  /**
   * Shows mirrors.
   *
   * @param report The mirrors and their switch, as they are now.
   * @param remark What is to be known besides, if anything.
   */
  show(report: Report, remark?: string): void;
  /**
   * Tells something else.
   *
   * @param text One line.
   */
  note(text: string): void;
}

/**
 * Makes the view that a terminal calls for.
 *
 * @param terminal Where to print.
 * @param address The database's, for the title.
 * @param interest What was asked for.
 */
export function createView(terminal: Terminal, address: string, interest: Interest): View {
  return terminal.isTerminal && !terminal.isDumb
    ? new Screen(terminal, address, interest)
    : new Log(terminal);
}

const CLEAR_ALL = "\x1b[2J", HOME = "\x1b[H", CLEAR_LINE = "\x1b[K", CLEAR_BELOW = "\x1b[J";

/** Draws over what it drew before, without flicker. */
class Screen implements View {
  constructor(
    readonly terminal: Terminal,
    readonly address: string,
    readonly interest: Interest,
  ) {
    terminal.write(CLEAR_ALL);
  }

  show(report: Report, remark?: string): void {
    const { terminal, interest } = this;
    const title = [now(), this.address, "q quits", ...remark ? [remark] : []];
    const cells = title.map((text) => ({ text }));
    const { color, columns, isTerminal } = terminal;
    const text = layOut([{ indent: 0, cells }], terminal) +
      formatTable(report, { color, columns, isTerminal, rates: true, interest });
    const lines = crop(text.trimEnd().split("\n"), terminal.rows);
    const drawn = lines.map((line) => `${line}${CLEAR_LINE}\n`).join("");
    terminal.write(HOME + drawn + CLEAR_BELOW);
  }

  note(text: string): void {
    this.terminal.writeError(`${now()} ${text}\n`);
  }
}

/** The last line of a screen stays free, for the cursor and for notes. */
function crop(lines: string[], rows = Infinity): string[] {
  if (lines.length < rows) return lines;
  const room = Math.max(rows - 2, 1);
  return [...lines.slice(0, room), `(${lines.length - room} lines more)`];
}

/** Appends a line for whatever changed: the switch, a mirror, who takes part in it. */
class Log implements View {
  readonly #terminal: Terminal;
  /** Mirrors by bridge and name, and what was said of them last. */
  #said = new Map<string, { mirror: JudgedMirror; text: string }>();
  #switch: Report["switch"] = "running";
  #remark?: string;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  show({ switch: state, mirrors }: Report, remark?: string): void {
    if (remark && !this.#remark) this.note(remark);
    this.#remark = remark;
    const entries = new Map(
      mirrors.map((mirror) => [titleOf(mirror), { mirror, text: describe(mirror) }]),
    );
    const lines = [
      ...state !== this.#switch ? [`switch: ${state}`] : [],
      ...Array.from(this.#said.keys()).filter((title) => !entries.has(title))
        .map((title) => `${title}: gone`),
      ...Array.from(entries).flatMap(([title, { mirror, text }]) => {
        const before = this.#said.get(title);
        const happened = before ? events(before.mirror, mirror) : [];
        return [...happened, ...text === before?.text ? [] : [text]].map((it) => `${title}: ${it}`);
      }),
    ];
    this.#terminal.write(lines.map((line) => `${now()} ${line}\n`).join(""));
    this.#said = entries;
    this.#switch = state;
  }

  note(text: string): void {
    this.#terminal.writeError(`${now()} ${text}\n`);
  }
}

function titleOf({ bridge, name }: JudgedMirror): string {
  return `${nameOf(bridge)} ${nameOf(name)}`;
}

function describe(mirror: JudgedMirror): string {
  const { sources, rows, verdict } = mirror;
  const { packets, bytes, isCut, dropped, isLeast } = totals(mirror);
  const rate = totalRate(mirror);
  const outputs = outputsOf(mirror).map(({ podName, name }) => podName ?? name);
  const allPorts = rows.some((row) => row.allPorts);
  return [
    verdict.words.join(", "),
    allPorts ? "all ports" : `${sources.length} ${sources.length === 1 ? "source" : "sources"}`,
    `output ${outputs.join(" and ") || "none"}`,
    ...packets !== undefined
      ? [`${packets} packets, ${atMost(isCut)}${formatBytes(bytes ?? 0)}`]
      : [],
    ...dropped ? [`${atLeast(isLeast)}${dropped} dropped`] : [],
    ...rate
      ? [
        `${formatRate(rate.packets ?? 0)} packets/s, ${atMost(rate.isCut)}${
          formatBytes(rate.bytes ?? 0)
        }/s`,
      ]
      : [],
  ].join("; ");
}

/** The time, to the second. */
function now(): string {
  return new Date().toISOString().replace(/\.\d+/, "");
}
