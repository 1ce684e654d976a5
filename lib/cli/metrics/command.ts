/**
 * `metrics`: what `show` knows, for Prometheus.
 *
 * @module
 */

import { quote } from "../../input/shape.ts";
import { DEFAULT_SOCKET } from "../../mirror/config/config.ts";
import { formatEndpoint } from "../../ovsdb/endpoint.ts";
import { type Address, formatAddress, parseAddress } from "../address.ts";
import { CommandError, EXIT } from "../errors.ts";
import { parseOptions } from "../options.ts";
import { readSocket } from "../show/request.ts";
import { interruption } from "../system.ts";
import type { Command } from "../terminal.ts";
import { printable } from "../../text/text.ts";
import { Collector } from "./collector.ts";
import { OPTIONS } from "./options.ts";
import { answer } from "./server.ts";

/** What is served, for help. */
export const notes = `\
Metrics, at /metrics: ovs_mirror_packets_total, ovs_mirror_bytes_total,
ovs_mirror_dropped_packets_total, ovs_mirror_sources, ovs_mirror_sources_down, ovs_mirror_outputs
and ovs_mirror_problem, for each mirror, with the labels node, bridge, mirror and owner;
ovs_mirror_switch_up and ovs_mirror_database_up. /healthz answers 503 while ovsdb-server can't be
reached. For node_exporter's collector of text files, use show --format prometheus.

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
  const endpoint = readSocket(options.get("socket") ?? DEFAULT_SOCKET);
  const note = (text: string) => terminal.writeError(`${printable(text)}\n`);
  using interrupted = interruption();
  const { signal } = interrupted;
  const collector = new Collector(endpoint);
  const server = listen(address, signal, (request) => answer(request, collector), note);
  await collector.run(signal, (text) => note(`${formatEndpoint(endpoint)}: ${text}`));
  await server.finished;
  return EXIT.success;
};

function listen(
  address: Address,
  signal: AbortSignal,
  handler: (request: Request) => Promise<Response>,
  note: (text: string) => void,
): Deno.HttpServer {
  const where = formatAddress(address);
  try {
    const onListen = () => note(`serving http://${where}/metrics`);
    return Deno.serve({ ...address, signal, onListen }, handler);
  } catch (error) {
    throw new CommandError(`cannot serve on ${where}: ${(error as Error).name}`, EXIT.failure);
  }
}
