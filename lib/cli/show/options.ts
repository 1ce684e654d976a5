/**
 * The options of `show`.
 *
 * @module
 */

import { DEFAULT_SOCKET } from "../../mirror/config.ts";
import type { Option } from "../options.ts";

/** How the mirrors can be printed. */
export const FORMATS = ["table", "json", "mermaid", "dot"] as const;

/** One of {@linkcode FORMATS}. */
export type Format = typeof FORMATS[number];

/** The options, for the command line, its completion and help. */
export const OPTIONS = [
  { name: "bridge", value: "NAME", text: "only the mirrors of this bridge" },
  { name: "mirror", value: "NAME", text: "only the mirrors of this name" },
  {
    name: "format",
    value: "FORMAT",
    choices: FORMATS,
    default: "table",
    otherNames: ["-o", "--output", "-f"],
    text: "how to print them",
  },
  {
    name: "socket",
    value: "ADDRESS",
    default: DEFAULT_SOCKET,
    otherNames: ["--db", "--database"],
    text: "where ovsdb-server listens; tcp:HOST:PORT works too",
  },
  { name: "watch", otherNames: ["-w", "-f", "--follow"], text: "keep running and show changes" },
  {
    name: "interval",
    value: "SECONDS",
    default: "2",
    text: "with --watch, how often to look at the rates",
  },
] as const satisfies readonly Option[];
