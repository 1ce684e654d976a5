/**
 * One look at a switch, or two of which the difference tells what is carried now.
 *
 * @module
 */

import type { Tables } from "../../ovsdb/monitor.ts";
import { CommandError } from "../errors.ts";
import { connect } from "../../observe/database.ts";
import { readMirrors } from "../../observe/model.ts";
import type { PodRecords } from "../../observe/pods.ts";
import { markRefused, policyOf } from "../../observe/policy.ts";
import { readTables } from "../../observe/query.ts";
import { ratesBetween, withRates } from "../../observe/rates.ts";
import { type Report, reportOn, statisticsInterval } from "../../observe/report.ts";
import type { OnceRequest, Selection } from "./request.ts";
import { demandFound, selectMirrors } from "./selection.ts";

/**
 * Looks at a switch.
 *
 * @param request What to look at, and for how long.
 * @param pods Finds the pods of ports.
 * @returns What is to be shown.
 * @throws {CommandError} What was asked for is not there, or can't be told.
 * @throws {OvsdbError} The database could not be read.
 */
export async function look(
  { selection, seconds }: OnceRequest,
  pods: PodRecords,
): Promise<Report> {
  let tables = await readSelected(selection, pods);
  let mirrors = readMirrors(tables, pods);
  if (seconds !== undefined) {
    demandCounting(tables, seconds);
    const first = performance.now();
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    tables = await readSelected(selection, pods);
    const later = readMirrors(tables, pods);
    const rates = ratesBetween(mirrors, later, (performance.now() - first) / 1000);
    mirrors = withRates(later, rates);
  }
  const { endpoint } = selection;
  const marked = markRefused(mirrors, await policyOf(endpoint));
  const report = await reportOn(endpoint, tables, marked);
  const selected = selectMirrors(report.mirrors, selection);
  demandFound(tables, selection, selected);
  return { ...report, mirrors: selected };
}

async function readSelected(selection: Selection, pods: PodRecords): Promise<Tables> {
  using client = await connect(selection.endpoint);
  const ports = selection.pods.length > 0 ? pods.portsOf(selection.pods) : undefined;
  return await readTables(client, { ...selection, ports });
}

/** In less time than the switch takes to count once, all would look silent. */
function demandCounting(tables: Tables, seconds: number): void {
  const interval = statisticsInterval(tables);
  if (seconds > interval) return;
  throw new CommandError(
    `this switch counts every ${interval} s only (other_config:stats-update-interval); ` +
      `use --for ${Math.ceil(interval) + 1} or more`,
  );
}
