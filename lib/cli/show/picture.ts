/**
 * Mirrors as one would draw them on a whiteboard: boxes and arrows, per bridge.
 *
 * @module
 */

import { totals } from "../../observe/model.ts";
import { formatBytes } from "../../observe/units.ts";
import type { JudgedMirror } from "../../observe/verdict.ts";
import {
  atLeast,
  atMost,
  type Interest,
  limitsOf,
  type MirrorEnd,
  nameOf,
  NO_INTEREST,
  outputsOf,
  sourcesOf,
} from "../../observe/words.ts";

/** Of a pod, its interface and one identifier; a picture is no inventory. */
const MAX_POD_LINES = 2;

/** A box. */
export interface Box {
  /** A letter and a number, unique in the picture. */
  id: string;
  /** Its text. */
  lines: readonly string[];
  /** True if it is a mirror; otherwise it is what packets come from or go to. */
  isMirror: boolean;
  /** True if it is to stand out. */
  problem: boolean;
}

/** An arrow, in the direction in which packets go. */
export interface Arrow {
  from: string;
  to: string;
  /** Its label; may be empty. */
  label: string;
}

/** A bridge with its mirrors and their ports. */
export interface Frame {
  /** A letter and a number, unique in the picture. */
  id: string;
  name: string;
  boxes: Box[];
  arrows: Arrow[];
}

/**
 * Draws mirrors.
 *
 * @param interest What was asked for.
 * @returns A frame for each bridge that has any.
 */
export function draw(mirrors: readonly JudgedMirror[], interest = NO_INTEREST): Frame[] {
  const bridges = Map.groupBy(mirrors, ({ bridge }) => bridge);
  return Array.from(bridges.values(), (group, index) => {
    const sketch = new Sketch(group[0]!.bridge, `b${index}`);
    for (const mirror of group) sketch.add(mirror, interest);
    return sketch.frame;
  });
}

/** A frame that is being drawn. A port that several mirrors have is one box. */
class Sketch {
  readonly frame: Frame;
  readonly #prefix: string;
  readonly #ports = new Map<string, Box>();

  constructor(bridge: string, prefix: string) {
    this.frame = { id: prefix, name: nameOf(bridge), boxes: [], arrows: [] };
    this.#prefix = prefix;
  }

  add(mirror: JudgedMirror, interest: Interest): void {
    const { id } = this.#box(mirrorLines(mirror), true, mirror.verdict.problem);
    for (const source of sourcesOf(mirror, interest)) {
      this.frame.arrows.push({ from: this.#endBox(source).id, to: id, label: source.role });
    }
    for (const output of outputsOf(mirror)) {
      this.frame.arrows.push({ from: id, to: this.#endBox(output).id, label: "" });
    }
  }

  #endBox({ name, podName, pod, isPort }: MirrorEnd): Box {
    const known = isPort ? this.#ports.get(name) : undefined;
    const marks = [...podName ? [podName] : [], ...pod].slice(0, MAX_POD_LINES);
    const box = known ?? this.#box([name, ...marks], false, false);
    if (isPort) this.#ports.set(name, box);
    return box;
  }

  #box(lines: readonly string[], isMirror: boolean, problem: boolean): Box {
    const box = { id: `${this.#prefix}n${this.frame.boxes.length}`, lines, isMirror, problem };
    this.frame.boxes.push(box);
    return box;
  }
}

function mirrorLines(mirror: JudgedMirror): string[] {
  const { packets, bytes, isCut, dropped, isLeast } = totals(mirror);
  return [
    nameOf(mirror.name),
    mirror.verdict.words.join(", "),
    ...packets !== undefined ? [`${packets} packets, ${atMost(isCut)}${formatBytes(bytes!)}`] : [],
    ...dropped ? [`${atLeast(isLeast)}${dropped} dropped`] : [],
    ...limitsOf(mirror).map((limit) => `only ${limit}`),
  ];
}
