/**
 * Plans copies to a far end: the port of a tunnel, and a mirror with it as its output. Loaded
 * only if a producer sends copies to one.
 *
 * @module
 */

import { quote } from "../../input/shape.ts";
import { guard, isRow, type Operation } from "../../ovsdb/operation.ts";
import { type Atom, stringMap, uuids, uuidSet, type Value } from "../../ovsdb/value.ts";
import type { AttachRequest, Remote } from "../config/config.ts";
import { REMOTE } from "../snapshot/external_ids.ts";
import { type MirrorState, outputIs, OWNER, type Snapshot } from "../snapshot/snapshot.ts";
import type { OptionsPlanner } from "./attach.ts";
import { refusals, type Refuse } from "./refusals.ts";
import { guardSources, holds, newRow, planOptions, planRow } from "./options.ts";
import type { Choice, TargetRows } from "./target_rows.ts";

/** The mark of a tunnel at a mirror, a port and an interface. */
function markOf({ text }: Remote): Value {
  return stringMap({ [REMOTE]: text });
}

/** Plans options and tunnels. */
export const planRemote: OptionsPlanner = (request, choice, snapshot) => {
  const refuse = refusals(request, choice.ports);
  const { before } = planOptions(request, choice, snapshot);
  const tunnels = new Tunnels(request, snapshot, refuse);
  const rows = new Map<string, Record<string, Value>>();
  for (const target of choice.mirrors) {
    const { remote, name } = target.wanted;
    if (!remote) continue;
    refuseCut(target, snapshot, refuse);
    const port = tunnels.portOf(remote, name);
    if (target.isMade) {
      before.push(...target.rows.length > 0 ? guardOthers(target, snapshot, refuse) : []);
      rows.set(name, rowFor(target, choice, snapshot, port));
    } else before.push(...useRow(target, remote, port, refuse));
  }
  return { before: [...tunnels.operations, ...before], rows };
};

/** The ports of the tunnels of one plan: each exists or is made once. */
class Tunnels {
  readonly operations: Operation[] = [];
  readonly #ports = new Map<string, Atom>();

  constructor(
    readonly request: AttachRequest,
    readonly snapshot: Snapshot,
    readonly refuse: Refuse,
  ) {}

  /** A reference to the port of a tunnel. */
  portOf(remote: Remote, mirror: string): Atom {
    const known = this.#ports.get(remote.text);
    if (known) return known;
    const port = this.#find(remote, mirror) ?? this.#make(remote);
    this.#ports.set(remote.text, port);
    return port;
  }

  #find(remote: Remote, mirror: string): Atom | undefined {
    const { bridge, details, tunnels } = this.snapshot;
    const found = tunnels?.find(({ name }) => name === remote.port);
    if (!found) return undefined;
    const { id } = found;
    if (found.remote !== remote.text) {
      const whose = found.remote === undefined ? "somebody else's" : `that to ${found.remote}`;
      const why = `the tunnel to ${remote.text} would have port ${quote(remote.port)}, which is ` +
        whose;
      throw this.refuse("unsuitable mirror", mirror, why, "delete that port, or use another key");
    }
    const holder = details?.bridgeOfPort.get(id);
    if (holder !== undefined && holder !== this.request.bridge) {
      const why = `the tunnel to ${remote.text} is on bridge ${quote(holder)} already`;
      const hint =
        "a switch has one port for a tunnel: use a mirror of that bridge, or another key";
      throw this.refuse("unsuitable mirror", mirror, why, hint);
    }
    this.operations.push(
      guard("Bridge", [isRow(bridge!.id), ["ports", "includes", ["uuid", id]]], [bridge!.id]),
      guard("Port", [isRow(id), ["external_ids", "includes", markOf(remote)]], [id]),
    );
    return ["uuid", id];
  }

  #make({ type, text, port: name, options }: Remote): Atom {
    const number = this.#ports.size;
    const external_ids = stringMap({ owner: OWNER, [REMOTE]: text });
    const [port, interfaces] = ["tunnel", "interface"].map((label): Atom => [
      "named-uuid",
      label + number,
    ]) as [Atom, Atom];
    const row = { name, type, options: stringMap(options), external_ids };
    this.operations.push(
      guard("Port", [["name", "==", name]], []),
      { op: "insert", table: "Interface", row, "uuid-name": `interface${number}` },
      {
        op: "insert",
        table: "Port",
        row: { name, interfaces, external_ids },
        "uuid-name": `tunnel${number}`,
      },
      {
        op: "mutate",
        table: "Bridge",
        where: [isRow(this.snapshot.bridge!.id)],
        mutations: [["ports", "insert", ["set", [port]]]],
      },
    );
    return port;
  }
}

/** The userspace datapath truncates after adding the tunnel's header (seen in 2.15 to 4.0). */
function refuseCut({ wanted }: TargetRows, { bridge }: Snapshot, refuse: Refuse): void {
  if (wanted.options?.snaplen === undefined || bridge?.datapath !== "netdev") return;
  const why =
    `"snaplen" would cut the packets of the tunnel so that nobody can read them, as the ` +
    `datapath of the bridge is in userspace ("netdev")`;
  throw refuse("unsuitable mirror", wanted.name, why, "leave out snaplen");
}

/** Makes an existing row send its copies to the far end, or finds that it does. */
function useRow(
  { wanted: { name, options = {} }, rows }: TargetRows,
  remote: Remote,
  port: Atom,
  refuse: Refuse,
): Operation[] {
  const row = rows.find(({ rowOptions }) => rowOptions?.remote !== undefined);
  if (row) return joinRow(row, remote, options, port, refuse);
  const free = rows.find(({ output, outputVlan }) => output === undefined && !outputVlan)!;
  if (!free.rowOptions?.isOurs) {
    const why = "it is not of the plugins' making";
    throw refuse("unsuitable mirror", name, why, "use a mirror that a pod makes");
  }
  return [
    ...planRow(options, free, refuse),
    guard("Mirror", [isRow(free.id), outputIs(undefined)], [free.id]),
    { op: "update", table: "Mirror", where: [isRow(free.id)], row: { output_port: port } },
    {
      op: "mutate",
      table: "Mirror",
      where: [isRow(free.id)],
      mutations: [["external_ids", "insert", markOf(remote)]],
    },
  ];
}

function joinRow(
  row: MirrorState,
  remote: Remote,
  options: NonNullable<TargetRows["wanted"]["options"]>,
  port: Atom,
  refuse: Refuse,
): Operation[] {
  const { id, name, output, rowOptions } = row;
  const theirs = rowOptions!.remote!;
  if (theirs !== remote.text) {
    const why = `its copies go to ${theirs}, not to ${remote.text}`;
    const hint =
      "use another mirror, or the same far end; a mirror forgets its own once the last " +
      "pod that feeds it is gone";
    throw refuse("output taken", name, why, hint);
  }
  if (
    !holds(rowOptions!, options) ||
    (rowOptions!.filterFromConsumer && options.filter === undefined)
  ) {
    const why = "others that feed it ask for other packets";
    throw refuse(
      "unsuitable mirror",
      name,
      why,
      'give all of them the same "snaplen" and "filter"',
    );
  }
  if (output !== undefined && output !== (port as readonly unknown[])[1]) {
    const why = `its output is not the tunnel to ${remote.text} any more`;
    throw refuse(
      "output taken",
      name,
      why,
      "find out who changed it, or use another mirror",
      output,
    );
  }
  const asRead = guard("Mirror", [
    isRow(id),
    outputIs(output),
    ["external_ids", "includes", markOf(remote)],
    ...Object.entries(rowOptions!.columns).map(([name, value]) => [name, "==", value] as const),
  ], [id]);
  return output !== undefined
    ? [asRead]
    : [asRead, { op: "update", table: "Mirror", where: [isRow(id)], row: { output_port: port } }];
}

/** Guards a row beside consumers of the node, whose mirror has to be shared. */
function guardOthers(target: TargetRows, snapshot: Snapshot, refuse: Refuse): Operation[] {
  for (const { name, output, rowOptions } of target.rows) {
    if (output === undefined) {
      const why = "its output is a VLAN (RSPAN)";
      throw refuse("unsuitable mirror", name, why, "use another mirror, or clear output_vlan");
    }
    if (rowOptions?.isShared || rowOptions?.isCopy) continue;
    const holder = snapshot.details?.portNames.get(output) ?? output;
    const hint = 'set "shared" of its consumer to true, or use another mirror';
    throw refuse("output taken", name, `its output is port ${quote(holder)}`, hint, output);
  }
  return guardSources(target, snapshot, refuse);
}

/** Returns a new row with the sources of the others of its name, and the new one. */
function rowFor(
  target: TargetRows,
  { ports }: Choice,
  snapshot: Snapshot,
  output_port: Atom,
): Record<string, Value> {
  const { rows, wanted: { columns, remote } } = target;
  const row = newRow(target, snapshot, [markOf(remote!)]);
  const own = ports.map(({ id }) => id);
  const selected = rows.length === 0
    ? []
    : columns.map((column) =>
      [column, uuidSet(new Set([...uuids(row[column]!), ...own]))] as const
    );
  return { ...row, ...Object.fromEntries(selected), output_port };
}
