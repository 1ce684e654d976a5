/**
 * The database that a plugin asks is there, and is that of the switch.
 *
 * @module
 */

import { DEFAULT_SOCKET } from "../../mirror/config/config.ts";
import { formatEndpoint, parseEndpoint } from "../../ovsdb/endpoint.ts";
import { quote } from "../../text/text.ts";
import { error, type Problem, warning } from "../finding.ts";
import { portMaker } from "../network.ts";
import { lineOf, member, stringAt } from "../tree.ts";
import type { MirrorPlugin } from "../project.ts";
import type { Rule } from "./rule.ts";

/** A mirror plugin asks the database that the port is in. */
export const socket: Rule = {
  name: "socket",
  checkDocument: (project) => project.mirrorPlugins.flatMap((plugin) => [...socketsOf(plugin)]),
};

function* socketsOf(plugin: MirrorPlugin): Iterable<Problem> {
  const { file, type, table } = plugin;
  const place = { file, line: lineOf(table, ["socket_file"]) };
  const own = stringAt(table, "socket_file");
  const maker = portMaker(plugin);
  const others = stringAt(maker?.table, "socket_file");
  if (!own && !others) return;
  const address = normalize(own);
  // The rule of values says what is wrong with an address.
  if (!address) return;
  if (own && /^unix:.*[/\s]$/.test(address)) {
    yield error(place, `no socket can be at ${quote(own)}`, "name the socket, mostly …/db.sock");
  }
  const isOpen = [[own, plugin], [others, maker]] as const;
  // A configuration file of the node may name the socket for those who don't.
  if (!maker || isOpen.some(([said, one]) => !said && member(one!.table, "configuration_path"))) {
    return;
  }
  if (address === normalize(others)) return;
  const message = `${type} has ${named(own)}, and ovs before it has ${named(others)}`;
  yield warning(place, message, "name the same in both: ports are where ovs made them");
}

function named(socket: string | undefined): string {
  return socket ? `socket_file ${quote(socket)}` : "no socket_file";
}

/** An address in its only form; /var/run is /run. Nothing if it is none. */
function normalize(socket: string = DEFAULT_SOCKET): string | undefined {
  try {
    return formatEndpoint(parseEndpoint(socket)).replace(/^unix:\/var\/run\//, "unix:/run/");
  } catch {
    return undefined;
  }
}
