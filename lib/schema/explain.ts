/**
 * Says in words what is wrong with data that a check refused. Loaded only then.
 *
 * @module
 */

// Not by the import map, which those who import the library by its path do not have.
// deno-lint-ignore no-import-prefix
import * as z from "npm:zod@4.6.7/mini";
import type { ValidAttachment } from "../cni/gc.ts";
import type { ResultShape } from "../cni/result.ts";
import type { Defaults, PluginMembers, RemoteMembers } from "../mirror/config/config.ts";
import type { CONSUMER_MEMBERS } from "../mirror/config/options.ts";
import { NUMBERS, TUNNEL_DIRECTIONS, TUNNEL_TYPES } from "../mirror/config/remote.ts";
import type { Kind, ShapeError } from "../input/shape.ts";
import { findLookalike } from "../mirror/config/misspelt.ts";
import { isNetwork } from "../policy/network.ts";
import {
  type ConsumerRule,
  isDatabase,
  isPattern,
  isPlainPath,
  type Policy,
  type ProducerRule,
} from "../policy/policy.ts";

/** Unlike zod's own, not asked about a value of another type, whose "length" may be anything. */
const notEmpty = z.minLength(1);
notEmpty._zod.def.when = ({ issues }) => issues.length === 0;

const defaults = {
  bridge: z.nullish(z.string()).check(z.describe(
    "Name of the Open vSwitch bridge; if absent or empty, the configuration file's",
  )),
  socket_file: z.nullish(z.string()).check(z.describe(
    "Address of ovsdb-server: unix:PATH, a bare absolute path or tcp:HOST:PORT; if absent or " +
      "empty, the configuration file's, then unix:/var/run/openvswitch/db.sock",
  )),
};

/** Options of a consumer's mirror; a producer with a far end has `snaplen` and `filter` too. */
const options = {
  shared: z.nullish(z.boolean()).check(z.describe(
    "Take part though the mirror has an output already, each consumer with an output of its own",
  )),
  all: z.nullish(z.boolean()).check(z.describe(
    "All ports of the bridge are sources, and no producer is needed",
  )),
  vlans: z.nullish(z.array(z.int().check(z.minimum(0), z.maximum(4095))).check(notEmpty)).check(
    z.describe("Only packets on these VLANs"),
  ),
  snaplen: z.nullish(z.int().check(z.minimum(14), z.maximum(65_535))).check(z.describe(
    "Copies are cut to this length, in bytes",
  )),
  filter: z.nullish(z.string()).check(z.describe(
    "Only packets that match, in the syntax of ovs-fields(7) without in_port (Open vSwitch 3.4 " +
      "and later)",
  )),
} satisfies Record<typeof CONSUMER_MEMBERS[number], z.ZodMiniType>;

/** A number of a far end, within its range. */
function numberOf(name: keyof typeof NUMBERS, description: string) {
  const [least, most] = NUMBERS[name].range;
  return z.nullish(z.int().check(z.minimum(least), z.maximum(most))).check(z.describe(description));
}

const remote = z.object({
  type: z.enum(TUNNEL_TYPES).check(z.describe("Type of the tunnel")),
  address: z.string().check(z.describe("IPv4 or IPv6 address of the far end")),
  key: numberOf(
    "key",
    "ERSPAN's session (0 to 1023), GRE's key, or the network identifier of VXLAN and Geneve (24 " +
      "bits)",
  ),
  source: z.nullish(z.string()).check(z.describe(
    "The node's address that packets are sent from; if absent, that of the route",
  )),
  port: numberOf("port", "UDP port of vxlan (4789 if absent) and geneve (6081 if absent)"),
  version: numberOf("version", "Version of ERSPAN: 1 is type II, 2 is type III"),
  index: numberOf("index", "Index in ERSPAN's header, of version 1"),
  direction: z.nullish(z.enum(TUNNEL_DIRECTIONS)).check(z.describe(
    "Direction in ERSPAN's header, of version 2; the same for all packets",
  )),
  hardware: numberOf("hardware", "Hardware identifier in ERSPAN's header, of version 2"),
  ttl: numberOf("ttl", "Time to live of the packets that carry copies, 64 if absent"),
  dscp: numberOf("dscp", "DSCP of the packets that carry copies, 0 if absent"),
}) satisfies z.ZodMiniType<RemoteMembers>;

const mirror = z.object({
  name: z.string().check(notEmpty, z.describe("Name of the mirror, unique on the switch")),
  ingress: z.nullish(z.boolean()).check(z.describe(
    "Mirror the packets that the switch receives from the port",
  )),
  egress: z.nullish(z.boolean()).check(z.describe(
    "Mirror the packets that the switch sends to the port",
  )),
  ...options,
  remote: z.nullish(remote).check(z.describe(
    "Where copies go to beyond the node, by a tunnel; no consumer is needed",
  )),
});

/** A text that passes a check of the policy's. */
function text(check: (value: unknown) => boolean, expected: string) {
  return z.string().check(z.refine(check, `must be ${expected}`));
}

const pattern = text(isPattern, "printable, of at most 1024 characters");
const name = pattern.check(notEmpty);
const network = text(
  (value) => isNetwork(value as string),
  "a network such as 192.0.2.0/24 or 2001:db8::/32, without bits after its length, or an address",
);

const rule = {
  namespaces: z.optional(z.array(pattern)).check(z.describe(
    'Namespaces of pods, * for any run of characters; "" is a container without one',
  )),
  bridges: z.optional(z.array(name)).check(z.describe("Names of bridges, with * or without")),
  mirrors: z.optional(z.array(name)).check(z.describe("Names of mirrors, with * or without")),
};

const consumerRule = {
  ...rule,
  all: z.optional(z.boolean()).check(z.describe("Whether all ports of the bridge may be read")),
  shared: z.optional(z.boolean()).check(z.describe(
    "Whether mirrors may be read that have an output already",
  )),
  vlans: z.optional(z.union(
    [z.boolean(), z.array(z.int().check(z.minimum(0), z.maximum(4095)))],
    "must be true, false or a list of VLANs, 0 to 4095",
  )).check(z.describe(
    "The VLANs that have to be chosen among; true if any may be chosen, and without this none",
  )),
} satisfies Record<keyof ConsumerRule, z.ZodMiniType>;

const producerRule = {
  ...rule,
  remotes: z.optional(z.array(network)).check(z.describe(
    "Networks and addresses that copies may leave the node for",
  )),
} satisfies Record<keyof ProducerRule, z.ZodMiniType>;

const policy = {
  databases: z.optional(z.array(text(
    isDatabase,
    "unix:PATH, an absolute path or tcp:HOST:PORT, without *",
  ))).check(z.describe("The databases that may be connected to, as socket_file has them")),
  configurationFiles: z.optional(z.array(text(
    isPlainPath,
    'an absolute path without ".", ".." and *',
  ))).check(z.describe("The files that configuration_path may name")),
  consumers: z.optional(z.array(z.strictObject(consumerRule))).check(z.describe(
    "Who may be the output of which mirrors: what one rule allows",
  )),
  producers: z.optional(z.array(z.strictObject(producerRule))).check(z.describe(
    "Who may be a source of which mirrors: what one rule allows",
  )),
  byHand: z.optional(z.union(
    [
      z.boolean(),
      z.strictObject({ seconds: z.int().check(z.minimum(0), z.describe("For how long at most")) }),
    ],
    'must be true, false or { "seconds": … }',
  )).check(z.describe("Whether ports may be attached by hand")),
} satisfies Record<keyof Policy, z.ZodMiniType>;

/** A schema for each kind of data that comes from outside. */
export const SCHEMAS = {
  "configuration": z.object({
    ...defaults,
    configuration_path: z.nullish(z.string()).check(z.describe(
      "Absolute path of the configuration file of the ovs plugin, which fills bridge and " +
        "socket_file; if there is none, its default places are looked at",
    )),
    mirrors: z.array(mirror).check(
      notEmpty,
      z.describe("The mirrors that the port is attached to"),
    ),
  }) satisfies z.ZodMiniType<PluginMembers>,
  "configuration file": z.object(defaults) satisfies z.ZodMiniType<Defaults>,
  "policy": z.strictObject(policy) satisfies z.ZodMiniType<Policy>,
  "prevResult": z.object({
    cniVersion: z.optional(z.string()),
    interfaces: z.optional(z.nullable(z.array(z.object({
      name: z.string(),
      sandbox: z.optional(z.string()),
    })))),
  }) satisfies z.ZodMiniType<ResultShape>,
  "valid attachments": z.array(
    z.object({ containerID: z.string(), ifname: z.string() }),
  ) satisfies z.ZodMiniType<ValidAttachment[]>,
} satisfies Record<Kind, unknown>;

/**
 * Says what is wrong.
 *
 * @returns A sentence that names the first member that is wrong and what it should be, never
 * what it is.
 */
export function explain({ kind, value, subject }: ShapeError): string {
  const [issue] = SCHEMAS[kind].safeParse(value).error?.issues ?? [];
  const fault = issue ? `: ${memberName(issue.path)} ${expectation(issue)}` : "";
  return `${subject} is not valid${fault}`;
}

/** `mirrors[0].name`. */
function memberName(path: readonly PropertyKey[]): string {
  const name = path.map((key) => typeof key === "number" ? `[${key}]` : `.${String(key)}`).join("");
  return name === "" ? "it" : `"${name.replace(/^\./, "")}"`;
}

function expectation(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_type") return `must be of type ${issue.expected}`;
  if (issue.code === "invalid_value") return `must be one of ${issue.values.join(", ")}`;
  if (issue.code === "too_small") {
    const isLength = ["array", "string"].includes(issue.origin);
    return isLength ? "must not be empty" : `must be at least ${issue.minimum}`;
  }
  if (issue.code === "too_big") return `must be at most ${issue.maximum}`;
  if (issue.code === "unrecognized_keys") return unknownMember(issue.keys);
  return issue.message;
}

/** Unknown names are content of the file and not told; a name that may be meant is. */
function unknownMember(names: readonly string[]): string {
  const known = [policy, consumerRule, producerRule].flatMap((members) => Object.keys(members));
  const found = findLookalike(Object.fromEntries(names.map((name) => [name, true])), known);
  return "has an unknown member" + (found ? `, is "${found.meant}" meant?` : "");
}
