/**
 * The options of `metrics`.
 *
 * @module
 */

import type { Option } from "../options.ts";
import { SOCKET } from "../show/options.ts";

/** The options, for the command line, its completion and help. */
export const OPTIONS = [
  {
    name: "listen",
    value: "ADDRESS:PORT",
    otherNames: ["-l", "--port", "--address", "--web.listen-address"],
    text: "where to serve; [::]:PORT for all addresses, of IPv4 too",
  },
  SOCKET,
] as const satisfies readonly Option[];
