/**
 * The options of `capture`.
 *
 * @module
 */

import type { Option } from "../options.ts";

/** The tunnels whose packets can be received, and their ports. */
export const PORTS = { vxlan: 4789, geneve: 6081 } as const;

/** One of {@linkcode PORTS}. */
export type Protocol = keyof typeof PORTS;

/** Formats that packets can be written in. */
export const FORMATS = ["pcapng", "pcap"] as const;

/** One of {@linkcode FORMATS}. */
export type FormatName = typeof FORMATS[number];

/** The options, for the command line, its completion and help. */
export const OPTIONS = [
  {
    name: "listen",
    value: "ADDRESS[:PORT]",
    otherNames: ["-l", "--address", "--bind", "--port", "-p"],
    text: "where the packets are sent; [::] for the address means all, IPv4 too",
  },
  {
    name: "protocol",
    value: "PROTOCOL",
    choices: Object.keys(PORTS),
    default: "vxlan",
    otherNames: ["--type", "--tunnel"],
    text: "what they are wrapped in",
  },
  {
    name: "key",
    value: "NUMBER",
    otherNames: ["--vni", "--id"],
    text: "only packets of this key (VNI)",
  },
  {
    name: "write",
    letter: "w",
    value: "FILE",
    otherNames: ["-o", "--output", "--file"],
    text: "write to this file, not to standard output",
  },
  {
    name: "format",
    value: "FORMAT",
    choices: FORMATS,
    default: "pcapng",
    otherNames: ["-F"],
    text: "how to write them",
  },
  {
    name: "count",
    letter: "c",
    value: "NUMBER",
    text: "end after this many packets",
  },
  {
    name: "for",
    value: "TIME",
    otherNames: ["--duration", "--seconds", "-G"],
    text: "end after this time, such as 90s, 10m or 2h",
  },
  {
    name: "snaplen",
    letter: "s",
    value: "BYTES",
    otherNames: ["--snapshot-length"],
    text: "keep only the first bytes of each packet",
  },
] as const satisfies readonly Option[];
