/**
 * Follows mirrors as they change.
 *
 * @module
 */

import { type Endpoint, formatEndpoint } from "../../ovsdb/endpoint.ts";
import { OvsdbError } from "../../ovsdb/error.ts";
import { Monitor } from "../../ovsdb/monitor.ts";
import type { Terminal } from "../terminal.ts";
import { printable } from "../text.ts";
import { TIMEOUT } from "./database.ts";
import { RateMeter } from "./rates.ts";
import type { WatchRequest } from "./request.ts";
import { selectMirrors } from "./selection.ts";
import { DATABASE, MAX_MESSAGE_BYTES, SETUP, STATISTICS, statisticsInterval } from "./tables.ts";
import { createView } from "./view.ts";

/** Milliseconds between pictures, at least, so that a busy switch does not keep us busy too. */
const MIN_PAUSE = 200;

/** Milliseconds between attempts to connect: at first, doubled each time, and at most. */
const FIRST_RETRY = 250;
const LAST_RETRY = 5_000;

/**
 * Shows mirrors until it is interrupted. Once it has been connected, it does not give up.
 *
 * @param request Which mirrors, and how often to look at the rates.
 * @param terminal Where to show them.
 * @param signal Ends it.
 * @throws {OvsdbError} The first attempt to connect failed.
 */
export async function watch(
  { selection, interval }: WatchRequest,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  const address = printable(formatEndpoint(selection.endpoint));
  const view = createView(terminal, address);
  const meter = new RateMeter();
  let failures: number | undefined;
  while (!signal.aborted) {
    try {
      using monitor = await openMonitor(selection.endpoint, signal);
      if (failures) view.note(`connected to ${address} again`);
      failures = 0;
      await follow(monitor, interval * 1000, signal, () => {
        const mirrors = selectMirrors(monitor.tables, selection);
        const seconds = statisticsInterval(monitor.tables);
        view.show(mirrors, meter.add(performance.now() / 1000, mirrors, seconds));
      });
    } catch (error) {
      if (signal.aborted) return;
      if (failures === undefined || !(error instanceof OvsdbError)) throw error;
      if (failures === 0) view.note(`lost ${address} (${printable(error.message)}), trying again`);
      await sleep(Math.min(FIRST_RETRY * 2 ** failures, LAST_RETRY), signal);
      failures++;
    }
  }
}

async function openMonitor(endpoint: Endpoint, signal: AbortSignal): Promise<Monitor> {
  const slow = new AbortController();
  const timer = setTimeout(() => slow.abort(), TIMEOUT);
  try {
    return await Monitor.open(endpoint, {
      database: DATABASE,
      requests: [SETUP, STATISTICS],
      maxMessageBytes: MAX_MESSAGE_BYTES,
      signal: AbortSignal.any([signal, slow.signal]),
    });
  } finally {
    clearTimeout(timer);
  }
}

/** Shows the state at each change, and if there is none, each time that the interval is over. */
async function follow(
  monitor: Monitor,
  interval: number,
  signal: AbortSignal,
  show: () => void,
): Promise<void> {
  while (!signal.aborted) {
    const { version } = monitor;
    show();
    await sleep(MIN_PAUSE, signal);
    await Promise.race([monitor.changed(version), sleep(interval - MIN_PAUSE, signal)]);
  }
}

/** Waits, but not after the signal. */
function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener("abort", end);
    if (signal.aborted) end();
  });
}
