/**
 * The options of `show`.
 *
 * @module
 */

import { DEFAULT_SOCKET } from "../../mirror/config/config.ts";
import type { Option } from "../options.ts";

/** Formats that mirrors can be printed in. */
export const FORMATS = ["table", "json", "prometheus", "mermaid", "dot"] as const;

/** One of {@linkcode FORMATS}. */
export type Format = typeof FORMATS[number];

/** Seconds between looks at the rates, unless told otherwise. */
export const DEFAULT_INTERVAL = 2;

/** The option that names the database; the same for all commands that ask it. */
export const SOCKET = {
  name: "socket",
  value: "ADDRESS",
  otherNames: ["--db", "--database"],
  text: "where ovsdb-server listens: unix:PATH or tcp:HOST:PORT (default: " +
    `OVS_MIRROR_SOCKET, the plugins' configuration file, or ${DEFAULT_SOCKET})`,
} as const satisfies Option;

/** The options, for the command line, its completion and help. */
export const OPTIONS = [
  {
    name: "mirror",
    value: "NAME",
    repeatable: true,
    live: true,
    otherNames: ["-m", "--name"],
    text: "only mirrors of this name",
  },
  {
    name: "bridge",
    value: "NAME",
    repeatable: true,
    live: true,
    otherNames: ["--br"],
    text: "only mirrors of this bridge",
  },
  {
    name: "pod",
    value: "NAMESPACE/NAME",
    repeatable: true,
    live: true,
    otherNames: ["-p", "--pods", "-n", "--namespace"],
    text: "only mirrors that have a port of this pod",
  },
  {
    name: "for",
    value: "SECONDS",
    otherNames: ["--rate", "--rates", "--seconds"],
    text: "look twice, this far apart, to tell what is carried now",
  },
  {
    name: "format",
    value: "FORMAT",
    choices: FORMATS,
    default: "table",
    otherNames: ["-o", "--output"],
    text: "how to print them",
  },
  SOCKET,
  { name: "watch", otherNames: ["-w", "-f", "--follow"], text: "keep running and show changes" },
  {
    name: "interval",
    value: "SECONDS",
    default: String(DEFAULT_INTERVAL),
    text: "with --watch, how often to look at the rates",
  },
] as const satisfies readonly Option[];
