/**
 * The options of `show`.
 *
 * @module
 */

import type { Option } from "../options.ts";

/** How the mirrors can be printed. */
export const FORMATS = ["table", "json", "mermaid", "dot"] as const;

/** One of {@linkcode FORMATS}. */
export type Format = typeof FORMATS[number];

/** The options, for the command line, its completion and help. */
export const OPTIONS = [
  { name: "bridge", value: "NAME", text: "only the mirrors of this bridge" },
  { name: "mirror", value: "NAME", text: "only the mirrors of this name" },
  { name: "format", value: "FORMAT", choices: FORMATS, text: "how to print them" },
  { name: "socket", value: "ADDRESS", text: "where ovsdb-server listens" },
  { name: "watch", text: "go on and show what changes, with rates" },
  { name: "interval", value: "SECONDS", text: "how often to look at the rates" },
] as const satisfies readonly Option[];
