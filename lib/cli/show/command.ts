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

/** What the words of the output mean, for help. */
export const notes = `\
Verdicts:
  carrying                        packets go to the output now (with --for and --watch)
  silent                          it has carried, and carries nothing now (with --for and --watch)
  has carried                     packets have gone to the output, now or long ago
  idle                            it is set up, and no packet has come yet
  waiting for the switch          ovs-vswitchd has not taken it up yet
  switch not running              ovs-vswitchd has ended: nothing is mirrored, or changed
  switch not answering            ovs-vswitchd lives, but does not answer within 5 s
  no sources                      no port's packets are mirrored
  all sources down                each source has no link, is switched off or gone
  no output                       there is no port or VLAN for the packets to go to
  output port down                the output is there, but carries nothing
  output port on another bridge   the switch ignores such a mirror
  output drops packets            more than 1 in 100, or with --for and --watch any now
  beyond the switch's 32          the bridge has more mirrors than the switch carries
  duplicate name                  mirrors on two bridges have the same name
  rows with different sources     rows of one name have to differ in their output only
  foreign                         it was not made by these plugins

PACKETS, BYTES and DROPPED are totals since the switch took the mirror up; those with /S are per
second. Pods have names if the plugins recorded them on this node.

The exit status is 1 if the switch is down, if a mirror of these plugins has a problem, or if what
was asked for is not there; 2 for invalid usage; 3 if the database can't be read.
`;

/** Shows mirrors, once or until it is interrupted. */
export const run: Command = async (args, terminal) => {
  const request = parseShow(args);
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
