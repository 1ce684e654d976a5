/**
 * Decides by a policy. Pure: the same policy and request give the same answer.
 *
 * @module
 */

import { quote } from "../input/shape.ts";
import { formatEndpoint, parseEndpoint } from "../ovsdb/endpoint.ts";
import { contains } from "./network.ts";
import { fits } from "./pattern.ts";
import type { ConsumerRule, Policy, ProducerRule, Rule } from "./policy.ts";

/** The attachment to decide on. Members that are not known yet are absent and not refused. */
export interface PolicyRequest {
  /** The port's role. */
  role: "producer" | "consumer";
  /** The pod's namespace, as the runtime says; empty if it says none. */
  namespace?: string;
  /** The file that `configuration_path` names, if it names one. */
  configurationPath?: string | null;
  /** The database's address. */
  database?: string | null;
  /** The bridge's name. */
  bridge?: string | null;
  /** The mirrors. */
  mirrors: readonly RequestedMirror[];
}

/** A mirror that is asked for, as a configuration has it. */
export interface RequestedMirror {
  /** The mirror's name. */
  name: string;
  /** Consumer: whether all ports of the bridge are sources. */
  all?: boolean | null;
  /** Consumer: whether it takes part though there is an output. */
  shared?: boolean | null;
  /** Consumer: the VLANs that it chooses; all of them if absent. */
  vlans?: readonly number[] | null;
  /** Producer: where the copies go, if they leave the node. */
  remote?: { address: string } | null;
}

/** A refusal. */
export interface Denial {
  /** The policy's reason, with the member that says it. */
  why: string;
  /** The change to ask the administrator for. */
  ask: string;
}

/**
 * Decides whether a port may be attached.
 *
 * @param request What is asked for, as far as it is known.
 * @returns Why not; nothing if it may.
 */
export function judge(policy: Policy, request: PolicyRequest): Denial | undefined {
  return judgeFile(policy, request) ?? judgeDatabase(policy, request) ??
    judgeMirrors(policy, request);
}

/**
 * Decides whether something may be attached by hand. Rules are for pods that ask for themselves, but
 * copies leave the node for no other networks than some rule has.
 *
 * @param wanted For how many seconds, without an end if absent; and where copies leave the node for.
 * @returns Why not; nothing if it may.
 */
export function judgeByHand(
  { byHand = true, producers }: Policy,
  { seconds, address }: { seconds?: number; address?: string } = {},
): Denial | undefined {
  if (byHand !== false && address !== undefined && producers) {
    if (!producers.some((rule) => hasAddress(rule, address))) {
      const why = `no rule of "producers" lets copies leave for ${quote(address)}`;
      return { why, ask: 'its network in the "remotes" of a rule' };
    }
  }
  if (byHand === true) return undefined;
  if (byHand === false) {
    return {
      why: '"byHand" is false: nothing may be attached by hand here',
      ask: "leave to do so",
    };
  }
  if (seconds !== undefined && seconds <= byHand.seconds) return undefined;
  const why = `"byHand" allows ${byHand.seconds} s at most`;
  return { why, ask: "more, or name an end that is sooner" };
}

function judgeFile(
  { configurationFiles }: Policy,
  { configurationPath }: PolicyRequest,
): Denial | undefined {
  if (!configurationPath || !configurationFiles) return undefined;
  if (configurationFiles.includes(configurationPath)) return undefined;
  const why = `"configurationFiles" does not have ${quote(configurationPath)}`;
  return { why, ask: 'that file there, or leave "configuration_path" out' };
}

function judgeDatabase({ databases }: Policy, { database }: PolicyRequest): Denial | undefined {
  if (!database || !databases) return undefined;
  const wanted = normal(database);
  if (wanted !== undefined && databases.some((one) => normal(one) === wanted)) return undefined;
  const why = `"databases" does not have ${quote(wanted ?? database)}`;
  return { why, ask: 'that address there, or let "socket_file" name one that is there' };
}

function normal(address: string): string | undefined {
  try {
    return formatEndpoint(parseEndpoint(address));
  } catch {
    return undefined;
  }
}

function judgeMirrors(policy: Policy, request: PolicyRequest): Denial | undefined {
  const list = `${request.role}s` as const;
  const rules: readonly (ConsumerRule & ProducerRule)[] | undefined = policy[list];
  if (!rules) return undefined;
  const refused = request.mirrors.find((mirror) =>
    !rules.some((rule) => obstacleOf(rule, request, mirror) === undefined)
  );
  if (!refused) return undefined;
  const obstacles = rules.map((rule) => obstacleOf(rule, request, refused)!);
  return { why: noRule(list, request, refused) + nearest(list, obstacles), ask: "such a rule" };
}

/** Checks of a mirror against a rule, in order. */
const CHECKS = {
  namespaces: (rule, { namespace }) => hasNamespace(rule, namespace),
  bridges: ({ bridges }, { bridge }) => !bridge || hasName(bridges, bridge),
  mirrors: ({ mirrors }, _, { name }) => hasName(mirrors, name),
  shared: ({ shared }, _, mirror) => !mirror.shared || shared === true,
  all: ({ all }, _, mirror) => !mirror.all || all === true,
  vlans: (rule, _, mirror) => hasVlans(rule, mirror),
  remotes: (rule, _, { remote }) => !remote || hasAddress(rule, remote.address),
} satisfies Record<
  string,
  (
    rule: ConsumerRule & ProducerRule,
    request: PolicyRequest,
    mirror: RequestedMirror,
  ) => boolean
>;

const MEMBERS = Object.keys(CHECKS) as (keyof typeof CHECKS)[];

/** The first member of a rule that does not let a mirror be attached. */
function obstacleOf(
  rule: ConsumerRule & ProducerRule,
  request: PolicyRequest,
  mirror: RequestedMirror,
): keyof typeof CHECKS | undefined {
  return MEMBERS.find((member) => !CHECKS[member](rule, request, mirror));
}

/** Containers without a namespace are nobody's but of whoever names them. */
function hasNamespace({ namespaces }: Rule, namespace: string | undefined): boolean {
  if (namespace === "") return namespaces?.includes("") === true;
  return namespace === undefined || hasName(namespaces, namespace);
}

function hasName(patterns: readonly string[] | undefined, name: string): boolean {
  return !patterns || patterns.some((pattern) => fits(pattern, name));
}

/** Whoever is limited to VLANs has to choose among them: without a choice all are read. */
function hasVlans({ vlans = false }: ConsumerRule, { vlans: wanted }: RequestedMirror): boolean {
  if (typeof vlans === "boolean") return vlans || !wanted;
  return Boolean(wanted?.length) && wanted!.every((vlan) => vlans.includes(vlan));
}

function hasAddress({ remotes }: ProducerRule, address: string): boolean {
  return !remotes || remotes.some((network) => contains(network, address));
}

function noRule(
  list: "producers" | "consumers",
  { role, namespace, bridge }: PolicyRequest,
  { name, remote }: RequestedMirror,
): string {
  const who = namespace ? `namespace ${quote(namespace)}` : "a container without namespace";
  const verb = role === "consumer" ? "read" : "feed";
  const where = bridge ? ` on bridge ${quote(bridge)}` : "";
  const copies = remote ? ` with copies to ${quote(remote.address)}` : "";
  return `no rule of "${list}" lets ${namespace === undefined ? "anybody" : who} ${verb} mirror ${
    quote(name)
  }${where}${copies}`;
}

/** The rule that allows most of it; one for others is of no use. */
function nearest(list: string, obstacles: readonly (keyof typeof CHECKS)[]): string {
  const allowed = obstacles.map((member) => MEMBERS.indexOf(member));
  const most = allowed.reduce((a, b) => Math.max(a, b), 0);
  return most === 0
    ? ""
    : `; "${list}[${allowed.indexOf(most)}]" would but for its "${MEMBERS[most]}"`;
}
