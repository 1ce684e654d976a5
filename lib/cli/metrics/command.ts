/**
 * `metrics`: what `show` knows, for Prometheus.
 *
 * @module
 */

import { quote } from "../../input/shape.ts";
import { formatEndpoint } from "../../ovsdb/endpoint.ts";
import { type Address, formatAddress, parseAddress } from "../listen.ts";
import { findDatabase } from "../database.ts";
import { CommandError, EXIT } from "../errors.ts";
import { parseOptions } from "../options.ts";
import { interruption } from "../system.ts";
import type { Command } from "../terminal.ts";
import { printable } from "../../text/text.ts";
import { answer } from "./answer.ts";
import { Collector } from "./collector.ts";
import type { HttpRequest } from "./http.ts";
import { OPTIONS } from "./options.ts";
import { serve } from "./server.ts";

/** Notes for help: the paths served. */
export const notes = `\
Metrics, at /metrics: ovs_mirror_packets_total, ovs_mirror_bytes_total,
ovs_mirror_dropped_packets_total, ovs_mirror_sources, ovs_mirror_sources_down,
ovs_mirror_outputs, ovs_mirror_by_hand, ovs_mirror_tunnel_packets_total and
ovs_mirror_problem, for each mirror, with the labels node, bridge, mirror and
owner; ovs_mirror_switch_up and ovs_mirror_database_up. /healthz answers 503 while ovsdb-server can't be
reached, / answers as long as this runs. For node_exporter's collector of text
files, use show --format prometheus.

Whoever reaches the address can read the names of bridges and mirrors. There is neither TLS nor a
password: serve on an address of the node's own network, or on 127.0.0.1.

The exit status is 0 after SIGINT or SIGTERM, 2 for invalid usage, 3 if the address can't be used.
`;

/** Serves until it is interrupted. */
export const run: Command = async (args, terminal) => {
  const { options, operands } = parseOptions(args, OPTIONS);
  if (operands.length > 0) {
    throw new CommandError(`metrics takes options only, not ${quote(operands[0]!)}`);
  }
  const given = options.get("listen");
  if (given === undefined) {
    throw new CommandError("name the address to serve on, such as --listen 127.0.0.1:9476");
  }
  const address = parseAddress(given);
  const endpoint = await findDatabase(options.get("socket"));
  const note = (text: string) => terminal.writeError(`${printable(text)}\n`);
  const listener = listen(address);
  note(`serving http://${formatAddress(address)}/metrics`);
  using interrupted = interruption();
  const collector = new Collector(endpoint);
  const served = new AbortController();
  const collected = collector.run(
    served.signal,
    (text) => note(`${formatEndpoint(endpoint)}: ${text}`),
  );
  try {
    // A scrape that is under way at the end still needs the database.
    const handle = (request: HttpRequest) => answer(request, collector);
    await Promise.race([serve(listener, handle, interrupted.signal, note), collected]);
  } finally {
    served.abort();
  }
  await collected;
  return EXIT.success;
};

/** Clients that wait to be taken; with a full queue they try again after a second, which is late. */
const MAX_QUEUE = 4096;

function listen(address: Address): Deno.Listener {
  try {
    return Deno.listen({ ...address, tcpBacklog: MAX_QUEUE });
  } catch (error) {
    const where = formatAddress(address);
    throw new CommandError(`cannot serve on ${where}: ${(error as Error).name}`, EXIT.failure);
  }
}
