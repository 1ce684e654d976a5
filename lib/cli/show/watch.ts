/**
 * Follows mirrors as they change.
 *
 * @module
 */

import { formatEndpoint } from "../../ovsdb/endpoint.ts";
import type { Terminal } from "../terminal.ts";
import { printable } from "../../text/text.ts";
import type { Follower } from "../../observe/follower.ts";
import { readMirrors } from "../../observe/model.ts";
import { PodRecords } from "../../observe/pods.ts";
import { markRefused, policyOf } from "../../observe/policy.ts";
import { RateMeter, withRates } from "../../observe/rates.ts";
import { reconnect } from "../../observe/reconnect.ts";
import { recordsDirectory, reportOn, statisticsInterval } from "../../observe/report.ts";
import type { Selection, WatchRequest } from "./request.ts";
import { selectMirrors } from "./selection.ts";
import { sleep } from "../../observe/sleep.ts";
import { createView, type View } from "./view.ts";

/** Milliseconds between pictures, at least, so that a busy switch does not keep us busy too. */
const MIN_PAUSE = 200;

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
  const { endpoint, mirrors, pods } = selection;
  const address = printable(formatEndpoint(endpoint));
  const view = createView(terminal, address, { complete: mirrors.length > 0, pods });
  const picture = new Picture(selection, view);
  let wasLost: boolean | undefined;
  await reconnect(endpoint, signal, {
    async use(follower) {
      if (wasLost) view.note(`connected to ${address} again`);
      wasLost = false;
      await follow(follower, interval * 1000, signal, () => picture.draw(follower));
    },
    lost(error) {
      if (wasLost === undefined) throw error;
      wasLost = true;
      view.note(`lost ${address} (${printable(error.message)}), trying again`);
    },
  });
}

/** The screen, with what has to be remembered from one drawing to the next. */
class Picture {
  readonly #meter = new RateMeter();
  readonly #pods = new PodRecords(recordsDirectory());
  #version?: number;

  constructor(readonly selection: Selection, readonly view: View) {}

  async draw(follower: Follower): Promise<void> {
    const { endpoint } = this.selection;
    // A pod that joined has been recorded before.
    if (follower.version !== this.#version) this.#pods.refresh();
    this.#version = follower.version;
    const tables = await follower.read();
    const read = readMirrors(tables, this.#pods);
    const seconds = statisticsInterval(tables);
    const rates = this.#meter.add(performance.now() / 1000, read, seconds);
    const marked = markRefused(withRates(read, rates), await policyOf(endpoint));
    const report = await reportOn(endpoint, tables, marked);
    const mirrors = selectMirrors(report.mirrors, this.selection);
    const isWaiting = mirrors.some(({ rows }) =>
      rows.some(({ traffic, rate }) => traffic && !rate)
    );
    const remark = isWaiting
      ? `rates follow after ${2 * seconds} s, as the switch counts every ${seconds} s`
      : undefined;
    this.view.show({ ...report, mirrors }, remark);
  }
}

/**
 * Shows the state at each change, and if there is none, each time that the interval is over.
 *
 * @param follower Tells of changes.
 * @param interval Milliseconds.
 * @param signal Ends it.
 * @param show Shows the state.
 * @throws {OvsdbError} The connection ended.
 */
export async function follow(
  follower: Pick<Follower, "version" | "changed">,
  interval: number,
  signal: AbortSignal,
  show: () => Promise<void>,
): Promise<void> {
  while (!signal.aborted) {
    const { version } = follower;
    await show();
    await sleep(MIN_PAUSE, signal);
    await Promise.race([follower.changed(version), sleep(interval - MIN_PAUSE, signal)]);
  }
}
