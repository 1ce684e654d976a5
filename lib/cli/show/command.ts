/**
 * `show`: the mirrors of a switch and whether they work.
 *
 * @module
 */

import { EXIT } from "../errors.ts";
import { interruption } from "../system.ts";
import type { Command, Terminal } from "../terminal.ts";
import { explainFailure } from "./failure.ts";
import { formatDot } from "./dot.ts";
import { formatJson } from "./json.ts";
import { formatMermaid } from "./mermaid.ts";
import { look } from "./once.ts";
import { PodRecords } from "../../observe/pods.ts";
import { formatMetrics } from "../../observe/prometheus.ts";
import { hasProblem, recordsDirectory, type Report } from "../../observe/report.ts";
import { type OnceRequest, parseShow } from "./request.ts";
import { formatTable } from "./table.ts";
import { watch } from "./watch.ts";

/** Notes for help: what the output means. */
export const notes = `\
A verdict tells whether a mirror works; docs/OPERATIONS.md has what each one means and what to do.

PACKETS, BYTES and DROPPED are totals since the switch began to mirror; those with /S are per
second. PACKETS has those that were dropped at the output too, BYTES is without VLAN tags that
copies get. What is not known is "-"; <= stands before the most that it may be, where copies are cut
(snaplen), >= before the least. Pods have names if the plugins recorded them on this node.

The exit status is 1 if the switch is down, if a mirror of these plugins has a problem, or if what
was asked for is not there; 2 for invalid usage; 3 if the database can't be read.
`;

/** Shows mirrors, once or until it is interrupted. */
export const run: Command = async (args, terminal) => {
  const request = await parseShow(args);
  try {
    switch (request.kind) {
      case "once": {
        const report = await look(request, new PodRecords(recordsDirectory()));
        terminal.write(format(report, request, terminal));
        return hasProblem(report) ? EXIT.problem : EXIT.success;
      }
      case "watch": {
        using signal = interruption();
        await watch(request, terminal, signal.signal);
        return EXIT.success;
      }
      default:
        return request satisfies never;
    }
  } catch (error) {
    throw explainFailure(error, request.selection.endpoint);
  }
};

function format(
  report: Report,
  { format, seconds, selection: { mirrors, pods } }: OnceRequest,
  { columns, color, isTerminal }: Terminal,
): string {
  const interest = { complete: mirrors.length > 0, pods };
  switch (format) {
    case "table": {
      const rates = seconds !== undefined;
      return formatTable(report, { columns, color, isTerminal, rates, interest });
    }
    case "json":
      return formatJson(report);
    case "prometheus":
      return formatMetrics(report, "prometheus");
    case "mermaid":
      return formatMermaid(report, interest);
    case "dot":
      return formatDot(report, interest);
    default:
      return format satisfies never;
  }
}
