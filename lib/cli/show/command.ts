/**
 * `show`: the mirrors of a switch and whether they work.
 *
 * @module
 */

import { EXIT } from "../errors.ts";
import { interruption } from "../system.ts";
import type { Command, Terminal } from "../terminal.ts";
import { explainFailure, readDatabase } from "./database.ts";
import { formatDot } from "./dot.ts";
import { formatJson } from "./json.ts";
import { formatMermaid } from "./mermaid.ts";
import type { Format } from "./options.ts";
import { parseShow } from "./request.ts";
import { demandFound, selectMirrors } from "./selection.ts";
import { formatTable } from "./table.ts";
import type { JudgedMirror } from "./verdict.ts";
import { watch } from "./watch.ts";

/** What the words of the output mean, for help. */
export const notes = `\
Verdicts:
  carrying                        packets have gone to the output
  idle                            it is set up, and no packet has come yet
  waiting for the switch          ovs-vswitchd has not taken it up yet, or is not running
  no sources                      no port's packets are mirrored
  no output                       there is no port or VLAN for the packets to go to
  output port down                the output is there, but carries nothing
  output port on another bridge   the switch ignores such a mirror
  beyond the switch's 32          the bridge has more mirrors than the switch carries
  duplicate name                  several mirrors have the same name
  foreign                         it was not made by these plugins

The exit status is 1 if a mirror of these plugins has a problem, or what was asked for is not
there; 2 for invalid usage; 3 if the database can't be read.
`;

const FORMATTERS: Readonly<
  Record<Format, (mirrors: readonly JudgedMirror[], terminal: Terminal) => string>
> = {
  table: formatTable,
  json: formatJson,
  mermaid: formatMermaid,
  dot: formatDot,
};

/** Shows mirrors, once or until it is interrupted. */
export const run: Command = async (args, terminal) => {
  const request = parseShow(args);
  try {
    switch (request.kind) {
      case "once": {
        const { selection, format } = request;
        const tables = await readDatabase(selection.endpoint);
        const mirrors = selectMirrors(tables, selection);
        demandFound(tables, selection, mirrors);
        terminal.write(FORMATTERS[format](mirrors, terminal));
        return mirrors.some(isOurProblem) ? EXIT.problem : EXIT.success;
      }
      case "watch": {
        await watch(request, terminal, interruption());
        return EXIT.success;
      }
      default:
        return request satisfies never;
    }
  } catch (error) {
    throw explainFailure(error, request.selection.endpoint);
  }
};

function isOurProblem({ verdict }: JudgedMirror): boolean {
  return verdict.problem && !verdict.foreign;
}
