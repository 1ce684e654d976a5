/**
 * One chart: lines over values that stand at equal distances, each point with its quartiles.
 *
 * @module
 */

import type { Spread } from "./statistics.ts";
import { element, text } from "./svg.ts";

/** A line of a chart. */
export interface Line {
  label: string;
  /** Class of the picture's style, for the colour. */
  kind: string;
  /** One per value; missing ones are left out. */
  points: readonly (Spread | undefined)[];
}

/** What a chart shows. */
export interface Chart {
  title: string;
  /** What the values are. */
  varied: string;
  values: readonly number[];
  lines: readonly Line[];
}

/** Size of a chart, in pixels. */
export const WIDTH = 400, HEIGHT = 300;

const LEFT = 44, RIGHT = 64, TOP = 40, BOTTOM = 48;

/** Most lines across that a chart gets. */
const MAX_TICKS = 6;

/** How far apart labels of lines must be. */
const LABEL_HEIGHT = 14;

/**
 * Draws a chart of values relative to a floor of 1.
 *
 * @param chart What to show.
 * @returns An element of {@linkcode WIDTH} × {@linkcode HEIGHT}.
 */
export function draw({ title, varied, values, lines }: Chart): string {
  const points = lines.flatMap((line) => line.points.flatMap((point) => point ?? []));
  const ticks = ticksFor(points);
  const [bottom, top] = [ticks.at(0)!, ticks.at(-1)!];
  const y = (value: number) =>
    TOP + (HEIGHT - TOP - BOTTOM) * (1 - (value - bottom) / (top - bottom));
  const step = (WIDTH - LEFT - RIGHT) / values.length;
  const x = (index: number) => LEFT + step * (index + 0.5);
  return element(
    "g",
    {},
    text(LEFT, 18, title, "title"),
    ...ticks.flatMap((tick) => [
      element("line", {
        x1: LEFT,
        x2: WIDTH - RIGHT,
        y1: y(tick),
        y2: y(tick),
        class: tick === 1 ? "floor" : "grid",
      }),
      text(LEFT - 6, y(tick) + 4, tick.toFixed(2), "tick-y"),
    ]),
    ...values.map((value, index) =>
      text(x(index), HEIGHT - BOTTOM + 18, value.toLocaleString("en"), "tick-x")
    ),
    text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - BOTTOM + 36, varied, "tick-x"),
    ...lines.map((line, index) => drawLine(line, (at) => x(at) + shift(index, lines.length), y)),
    ...labels(lines, y),
  );
}

/** Points of several lines at one value stand beside each other. */
function shift(index: number, count: number): number {
  return (index - (count - 1) / 2) * 5;
}

function drawLine(
  { kind, points }: Line,
  x: (index: number) => number,
  y: (value: number) => number,
): string {
  const places = points.flatMap((point, index) => point ? [{ ...point, x: x(index) }] : []);
  const path = places.map((point) => `${point.x.toFixed(1)},${y(point.median).toFixed(1)}`);
  return element(
    "g",
    { class: kind },
    element("polyline", { points: path.join(" ") }),
    ...places.flatMap(({ x, low, median, high }) => [
      element("line", { x1: x, x2: x, y1: y(low), y2: y(high) }),
      element("circle", { cx: x, cy: y(median), r: 3 }),
    ]),
  );
}

/** Labels beside the lines' ends, moved apart where they would overlap. */
function labels(lines: readonly Line[], y: (value: number) => number): string[] {
  const ends = lines.flatMap(({ label, kind, points }) => {
    const last = points.findLast((point) => point !== undefined);
    return last ? [{ label, kind, y: y(last.median) }] : [];
  }).toSorted((a, b) => a.y - b.y);
  let free = -Infinity;
  return ends.map(({ label, kind, y }) => {
    const place = Math.max(y, free);
    free = place + LABEL_HEIGHT;
    return text(WIDTH - RIGHT + 6, place + 4, label, `label ${kind}`);
  });
}

/**
 * Round values that reach from the floor, or what is below it, to the largest.
 *
 * @param points What is shown.
 * @returns At least two values, ascending, 1 among them.
 */
export function ticksFor(points: readonly Spread[]): number[] {
  const least = Math.min(1, ...points.map(({ low }) => low));
  const most = Math.max(1.05, ...points.map(({ high }) => high));
  const step = [0.05, 0.1, 0.2, 0.25, 0.5, 1, 2, 5, 10, 20, 50, 100]
    .find((step) => (most - least) / step <= MAX_TICKS - 1) ?? most - least;
  const from = 1 - Math.ceil((1 - least) / step) * step;
  const count = Math.ceil((most - from) / step - 1e-9) + 1;
  return Array.from({ length: count }, (_, index) => Number((from + index * step).toFixed(2)));
}
