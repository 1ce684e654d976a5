/**
 * Plans how ports become sources or outputs of mirrors: from a snapshot of the database to one
 * guarded transaction.
 *
 * @module
 */

import { type Condition, guard, type Mutation, type Operation } from "../ovsdb/operation.ts";
import { EMPTY, stringMap, uuidSet, type Value } from "../ovsdb/value.ts";
import type { WantedMirror } from "./config.ts";
import { Refusal } from "./refusal.ts";
import type { Role } from "./role.ts";
import { candidates, type MirrorState, OWNER, type PortState, type Snapshot } from "./snapshot.ts";
import { sweep } from "./sweep.ts";

/** Mirrors per bridge that Open vSwitch's datapath carries; further ones only make it warn. */
export const MAX_MIRRORS = 32;

/** Ports that are to be attached to mirrors. */
export interface AttachRequest {
  /** What the ports become in the mirrors. */
  role: Role;
  /** The bridge's name. */
  bridge: string;
  /** The mirrors to attach to. */
  mirrors: readonly WantedMirror[];
}

/** A mirror that is to be attached to, and the rows of that name; none if it has to be made. */
interface Target {
  wanted: WantedMirror;
  rows: readonly MirrorState[];
}

/**
 * Plans an ADD.
 *
 * @param request What was asked for.
 * @param snapshot The database as it was read.
 * @returns The transaction: guards for all that the plan relies on, then the changes.
 * @throws {Refusal} The database does not allow it. Without the snapshot's details the message
 * may lack names, and a port counts as one of the bridge's until a guard says otherwise.
 */
export function planAttach(request: AttachRequest, snapshot: Snapshot): Operation[] {
  const bridge = snapshot.bridge;
  if (!bridge) throw noBridge(request.bridge);
  const ports = attachablePorts(request, snapshot);
  const targets = request.mirrors.map((wanted) => ({
    wanted,
    rows: snapshot.mirrors.filter(({ name }) => name === wanted.name),
  }));
  const refuse = refusals(request, ports);
  for (const { rows } of targets) {
    for (const row of rows) checkRow(request.role, row, ports, { ...snapshot, bridge }, refuse);
  }
  const rows = targets.flatMap(({ rows }) => rows);
  const leftovers = snapshot.emptyMirrors.filter((id) =>
    bridge.mirrors.includes(id) && !rows.some((row) => row.id === id)
  );
  const missing = targets.filter(({ rows }) => rows.length === 0);
  checkLimit(bridge.mirrors.length - leftovers.length, missing, refuse);
  return [
    guardBridge(bridge, ports, rows, missing.length > 0),
    ...missing.map(({ wanted }) => guard("Mirror", [["name", "==", wanted.name]], [])),
    ...rows.map((row) => guardRow(request.role, row, ports)),
    ...targets.flatMap((target) => attach(target, ports)),
    ...missing.flatMap(({ wanted }, index) => create(bridge.id, wanted, ports, `mirror${index}`)),
    ...sweep(bridge.id, leftovers),
  ];
}

/**
 * The ports that a request is about: those of the bridge, as far as that is known.
 *
 * @param request What was asked for.
 * @param snapshot The database as it was read.
 * @returns At least one port; exactly one if the role is exclusive.
 * @throws {Refusal} There is none, or there are too many.
 */
export function attachablePorts(
  { role, bridge }: Pick<AttachRequest, "role" | "bridge">,
  snapshot: Snapshot,
): readonly PortState[] {
  const holders = snapshot.details?.bridgeOfPort;
  const onBridge = ({ id }: PortState) => !holders?.has(id) || holders.get(id) === bridge;
  const byName = snapshot.ports.filter(onBridge);
  const ports = byName.length > 0 ? byName : snapshot.attachedPorts.filter(onBridge);
  if (ports.length === 0) throw noPort(bridge, candidates(snapshot), holders);
  if (role.exclusive && ports.length > 1) {
    throw new Refusal(
      "no port",
      `Cannot tell which port of bridge ${quote(bridge)} is to be the output: ` +
        `prevResult has ${ports.map(({ name }) => quote(name)).join(", ")}`,
      "chain the consumer after a plugin that makes one port of the bridge",
    );
  }
  return ports;
}

type Refuse = (reason: Refusal["reason"], mirror: string, why: string, hint: string) => Refusal;

function refusals({ role, bridge }: AttachRequest, ports: readonly PortState[]): Refuse {
  const names = ports.map(({ name }) => quote(name)).join(", ");
  return (reason, mirror, why, hint) =>
    new Refusal(
      reason,
      `Cannot attach port ${names} as ${role.noun} to mirror ${quote(mirror)} ` +
        `on bridge ${quote(bridge)}: ${why}`,
      hint,
    );
}

function checkRow(
  role: Role,
  row: MirrorState,
  ports: readonly PortState[],
  snapshot: Snapshot & { bridge: { mirrors: readonly string[] } },
  refuse: Refuse,
): void {
  const { details } = snapshot;
  if (!snapshot.bridge.mirrors.includes(row.id)) {
    const holder = details?.bridgeOfMirror.get(row.id);
    const where = holder === undefined ? "another bridge" : `bridge ${quote(holder)}`;
    const hint = "a mirror's name is unique on a switch: choose another, or use that bridge";
    throw refuse("mirror elsewhere", row.name, `a mirror of that name is on ${where}`, hint);
  }
  const isOutput = ports.some(({ id }) => id === row.output);
  if (details?.conflicts.has(row.id) || (isOutput && role.conflicting.includes("output_port"))) {
    const why = "the port would be both source and output of it";
    throw refuse("unsuitable mirror", row.name, why, "use another mirror or another port");
  }
  if (role.exclusive) checkOutput(row, isOutput, snapshot, refuse);
}

function checkOutput(
  row: MirrorState,
  isOutput: boolean,
  { details }: Snapshot,
  refuse: Refuse,
): void {
  if (row.outputVlan) {
    const why = "its output is a VLAN (RSPAN)";
    throw refuse("unsuitable mirror", row.name, why, "use another mirror, or clear output_vlan");
  }
  if (row.output === undefined || isOutput) return;
  const holder = details?.portNames.get(row.output) ?? row.output;
  const hint =
    "a mirror has one output: use another mirror, or delete the pod that holds this one; " +
    "if there is none any more, as after a reboot, delete the port";
  throw refuse("output taken", row.name, `its output is port ${quote(holder)}`, hint);
}

function checkLimit(kept: number, missing: readonly Target[], refuse: Refuse): void {
  const [first] = missing.slice(Math.max(0, MAX_MIRRORS - kept));
  if (!first) return;
  throw refuse(
    "too many mirrors",
    first.wanted.name,
    `the switch carries ${MAX_MIRRORS} mirrors per bridge, and this would be one more`,
    "use a mirror that exists, another bridge, or remove mirrors",
  );
}

/**
 * The bridge is still there and has the ports and the mirrors. Whoever makes a mirror relies on
 * the number of mirrors too, so then the whole set has to be as it was.
 */
function guardBridge(
  bridge: { id: string; mirrors: readonly string[] },
  ports: readonly PortState[],
  rows: readonly MirrorState[],
  exactly: boolean,
): Operation {
  const mirrors: Condition = exactly
    ? ["mirrors", "==", uuidSet(bridge.mirrors)]
    : ["mirrors", "includes", idSet(rows)];
  return guard("Bridge", [is(bridge.id), ["ports", "includes", idSet(ports)], mirrors], [
    bridge.id,
  ]);
}

/** The mirror is still called that, and nothing in it stands in the way. */
function guardRow(role: Role, row: MirrorState, ports: readonly PortState[]): Operation {
  const output: Value = row.output === undefined ? EMPTY : ["uuid", row.output];
  const free: Condition[] = [["output_port", "==", output], ["output_vlan", "==", EMPTY]];
  return guard("Mirror", [
    is(row.id),
    ["name", "==", row.name],
    ...role.conflicting.map((column): Condition => [column, "excludes", idSet(ports)]),
    ...(role.exclusive ? free : []),
  ], [row.id]);
}

function attach({ wanted, rows }: Target, ports: readonly PortState[]): Operation[] {
  const mutations = wanted.columns.map((column): Mutation => [column, "insert", idSet(ports)]);
  return rows.map(({ id }) => ({ op: "mutate", table: "Mirror", where: [is(id)], mutations }));
}

function create(
  bridge: string,
  { name, columns }: WantedMirror,
  ports: readonly PortState[],
  label: string,
): Operation[] {
  const members = columns.map((column) => [column, idSet(ports)] as const);
  const row = {
    name,
    external_ids: stringMap({ owner: OWNER }),
    ...Object.fromEntries(members),
  };
  return [
    { op: "insert", table: "Mirror", row, "uuid-name": label },
    {
      op: "mutate",
      table: "Bridge",
      where: [is(bridge)],
      mutations: [["mirrors", "insert", ["set", [["named-uuid", label]]]]],
    },
  ];
}

/**
 * Refuses a bridge that is not there.
 *
 * @param bridge Its name.
 * @returns The refusal.
 */
export function noBridge(bridge: string): Refusal {
  const hint = 'create it, or correct "bridge" in the configuration';
  return new Refusal("no bridge", `There is no bridge ${quote(bridge)} on this switch`, hint);
}

function noPort(
  bridge: string,
  found: readonly PortState[],
  holders: ReadonlyMap<string, string | undefined> | undefined,
): Refusal {
  const elsewhere = found.map(({ id, name }) => {
    const holder = holders?.get(id);
    return `; port ${quote(name)} is ` +
      (holder === undefined ? "on another bridge" : `on bridge ${quote(holder)}`);
  });
  return new Refusal(
    "no port",
    `No interface of prevResult is a port of bridge ${quote(bridge)}${elsewhere.join("")}`,
    "let ovs and the mirror plugins of a chain name the same bridge",
  );
}

function is(id: string): Condition {
  return ["_uuid", "==", ["uuid", id]];
}

function idSet(rows: readonly { id: string }[]) {
  return uuidSet(rows.map(({ id }) => id));
}

function quote(text: string): string {
  return JSON.stringify(text);
}
