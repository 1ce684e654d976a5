/**
 * What `show --watch` prints: a screen that is drawn anew, or a log where there is no screen.
 *
 * @module
 */

import type { Terminal } from "../terminal.ts";
import { layOut } from "./layout.ts";
import type { Rates } from "./rates.ts";
import { formatTable } from "./table.ts";
import { formatBytes, formatRate } from "./units.ts";
import type { JudgedMirror } from "./verdict.ts";
import { nameOf, outputOf } from "./words.ts";

/** Shows mirrors again and again. */
export interface View {
  /**
   * Shows mirrors.
   *
   * @param mirrors As they are now.
   * @param rates What they carry a second.
   */
  show(mirrors: readonly JudgedMirror[], rates: Rates): void;
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
 * @returns The view.
 */
export function createView(terminal: Terminal, address: string): View {
  return terminal.isTerminal ? new Screen(terminal, address) : new Log(terminal);
}

const CLEAR_ALL = "\x1b[2J", HOME = "\x1b[H", CLEAR_LINE = "\x1b[K", CLEAR_BELOW = "\x1b[J";

/** Draws over what it drew before, without flicker. */
class Screen implements View {
  readonly #terminal: Terminal;
  readonly #address: string;

  constructor(terminal: Terminal, address: string) {
    this.#terminal = terminal;
    this.#address = address;
    terminal.write(CLEAR_ALL);
  }

  show(mirrors: readonly JudgedMirror[], rates: Rates): void {
    const title = [now(), this.#address, "Ctrl-C ends"];
    const cells = title.map((text) => ({ text }));
    const text = layOut([{ indent: 0, cells }], this.#terminal) +
      formatTable(mirrors, this.#terminal, rates);
    const lines = crop(text.trimEnd().split("\n"), this.#terminal.rows);
    const drawn = lines.map((line) => `${line}${CLEAR_LINE}\n`).join("");
    this.#terminal.write(HOME + drawn + CLEAR_BELOW);
  }

  note(text: string): void {
    this.#terminal.writeError(`${now()} ${text}\n`);
  }
}

/** The last line of a screen stays free, for the cursor and for notes. */
function crop(lines: string[], rows = Infinity): string[] {
  if (lines.length < rows) return lines;
  const room = Math.max(rows - 2, 1);
  return [...lines.slice(0, room), `(${lines.length - room} lines more)`];
}

/** Appends a line for each mirror that changed. */
class Log implements View {
  readonly #terminal: Terminal;
  /** Mirror identifiers to what was said of them last. */
  #said = new Map<string, Entry>();

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  show(mirrors: readonly JudgedMirror[], rates: Rates): void {
    const entries = new Map(mirrors.map((mirror) => [mirror.id, describe(mirror, rates)]));
    const gone = Array.from(this.#said).filter(([id]) => !entries.has(id));
    const changed = Array.from(entries).filter(([id, { text }]) =>
      text !== this.#said.get(id)?.text
    );
    const lines = [
      ...gone.map(([, { title }]) => `${title}: gone`),
      ...changed.map(([, { title, text }]) => `${title}: ${text}`),
    ];
    this.#terminal.write(lines.map((line) => `${now()} ${line}\n`).join(""));
    this.#said = entries;
  }

  note(text: string): void {
    this.#terminal.writeError(`${now()} ${text}\n`);
  }
}

/** What the log says of a mirror. */
interface Entry {
  /** Which mirror. */
  title: string;
  text: string;
}

function describe(mirror: JudgedMirror, rates: Rates): Entry {
  const { id, bridge, name, sources, allPorts, traffic, verdict } = mirror;
  const rate = rates.get(id);
  const words = [
    verdict.words.join(", "),
    allPorts ? "all ports" : `${sources.length} ${sources.length === 1 ? "source" : "sources"}`,
    `output ${outputOf(mirror)?.name ?? "none"}`,
    ...traffic ? [`${traffic.packets} packets, ${formatBytes(traffic.bytes)}`] : [],
    ...rate ? [`${formatRate(rate.packets)} packets/s, ${formatBytes(rate.bytes)}/s`] : [],
  ];
  return { title: `${nameOf(bridge)} ${nameOf(name)}`, text: words.join("; ") };
}

/** The time, to the second. */
function now(): string {
  return new Date().toISOString().replace(/\.\d+/, "");
}
