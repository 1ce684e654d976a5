/**
 * The options of `attach` and `detach`.
 *
 * @module
 */

import type { Option } from "../options.ts";
import { SOCKET } from "../show/options.ts";

/** Options that name the port. */
const PORT = [
  {
    name: "pod",
    value: "POD",
    repeatable: true,
    live: true,
    otherNames: ["-p", "--container"],
    text: "the pod: NAMESPACE/NAME, its UID or its network namespace's path; or several of these",
  },
  {
    name: "interface",
    letter: "i",
    value: "NAME",
    otherNames: ["--ifname"],
    text: "its interface, where it has several on the switch",
  },
  { name: "port", value: "NAME", live: true, text: "the port of the switch, in place of a pod" },
  { name: "mirror", letter: "m", value: "NAME", live: true, text: "the mirror" },
] as const satisfies readonly Option[];

/** The options of `attach`, for the command line, its completion and help. */
export const ATTACH_OPTIONS = [
  ...PORT,
  { name: "ingress", text: "as a source: what the switch receives from the port" },
  { name: "egress", text: "as a source: what it sends to the port; both unless one is named" },
  {
    name: "for",
    value: "TIME",
    otherNames: ["--duration", "--timeout"],
    text: "end after this time, such as 90s, 10m or 2h",
  },
  {
    name: "internal",
    value: "NAME",
    text: "as a source: send the copies to an interface of the node, made for it",
  },
  {
    name: "remote",
    value: "TYPE:ADDRESS[,key=N]",
    text: "as a source: send the copies away, such as vxlan:192.0.2.10,key=7",
  },
  { name: "shared", text: "as an output: take part though the mirror has an output" },
  { name: "all", text: "as an output: of all ports of the bridge" },
  { name: "vlan", value: "NUMBER", repeatable: true, text: "as an output: only this VLAN" },
  {
    name: "snaplen",
    letter: "s",
    value: "BYTES",
    text: "cut copies to their first bytes; of a source with --remote or --internal",
  },
  {
    name: "filter",
    value: "FLOW",
    text: "only packets that match, such as tcp,tcp_dst=443; likewise",
  },
  SOCKET,
] as const satisfies readonly Option[];

/** The options of `detach`. */
export const DETACH_OPTIONS = [
  ...PORT,
  { name: "all", text: "all that is attached by hand, in either role" },
  SOCKET,
] as const satisfies readonly Option[];
