/**
 * Checks whether ports are still attached to mirrors.
 *
 * @module
 */

import { quote } from "../../input/shape.ts";
import { type Condition, type Operation, select } from "../../ovsdb/operation.ts";
import { type OperationResult, selectedRows } from "../../ovsdb/result.ts";
import { uuids, uuidSet } from "../../ovsdb/value.ts";
import type { AttachRequest, WantedMirror } from "../config/config.ts";
import { noBridge } from "../refusal.ts";
import { holdsOptions } from "../config/options.ts";
import { Refusal } from "../refusal.ts";
import type { PortColumn } from "../role.ts";
import { idOf } from "../snapshot/snapshot.ts";

/** A port that should be attached. */
export interface AttachedPort {
  /** Row of `Port`. */
  id: string;
  /** Its name, for messages. */
  name: string;
}

/** The questions of a CHECK, and the function that judges the answers. */
export interface Inspection {
  /** The questions, for one transaction. */
  operations: Operation[];
  /**
   * Judges the answers.
   *
   * @param results One per operation.
   * @throws {Refusal} Something has changed since ADD.
   */
  judge(results: readonly OperationResult[]): void;
}

/** Names for messages, which take further questions. */
export interface Names {
  /** Mirror to the name of its bridge. */
  bridgeOfMirror: ReadonlyMap<string, string>;
  /** Name of a port that is the output of a mirror. */
  portNames: ReadonlyMap<string, string>;
  /** Existing ports of the names in question. */
  ports?: readonly AttachedPort[];
  /** Mirrors that the configuration did not name at ADD. */
  since?: ReadonlySet<string>;
}

/** Reads the answers one by one. */
type Take = () => OperationResult | undefined;

/**
 * Plans a CHECK in one transaction.
 *
 * @param request What ADD was asked for.
 * @param ports The ports that it attached.
 * @param names Names for messages, if they were asked for.
 * @returns The questions.
 */
export function planCheck(
  request: AttachRequest,
  ports: readonly AttachedPort[],
  names?: Names,
): Inspection {
  const { bridge } = request;
  // Copies for a far end are checked at the tunnel's port, not at the producer's.
  const mirrors = request.mirrors.map((one) => one.remote ? { ...one, options: undefined } : one);
  const named: Condition = ["name", "==", bridge];
  return {
    operations: [
      select("Bridge", [named], ["_uuid", "mirrors"]),
      ...ports.map(({ id }) =>
        select("Bridge", [named, ["ports", "includes", uuidSet([id])]], ["_uuid"])
      ),
      ...mirrors.flatMap((wanted) => inspect(wanted, ports)),
    ],
    judge(results) {
      const left = [...results];
      const take: Take = () => left.shift();
      const [found] = selectedRows(take());
      if (!found) throw noBridge(bridge);
      for (const port of ports) {
        if (selectedRows(take()).length === 0) throw failed(request, absent(port, bridge, names));
      }
      const onBridge = new Set(uuids(found.mirrors));
      for (const wanted of mirrors) {
        const fault = judgeMirror(wanted, ports, onBridge, take, names);
        if (fault !== undefined) throw failed(request, fault, names?.since?.has(wanted.name));
      }
    },
  };
}

/** The rows of a name, then those of them that have a port in a column. */
function inspect(
  { name, columns, options }: WantedMirror,
  ports: readonly AttachedPort[],
): Operation[] {
  const named: Condition = ["name", "==", name];
  return [
    select("Mirror", [named], ["_uuid", "output_port"]),
    ...columns.flatMap((column) =>
      ports.map(({ id }) =>
        select("Mirror", [named, [column, "includes", uuidSet([id])]], ["_uuid"])
      )
    ),
    ...(options ? ports : []).map(({ id }) =>
      select("Mirror", [
        named,
        ["output_port", "==", ["uuid", id]],
        ...holdsOptions(options!),
      ], ["_uuid"])
    ),
  ];
}

/**
 * Returns what is wrong with a mirror, if anything. Rows of the name on other bridges do not
 * matter.
 */
function judgeMirror(
  { name, columns, options }: WantedMirror,
  ports: readonly AttachedPort[],
  onBridge: ReadonlySet<string>,
  take: Take,
  names?: Names,
): string | undefined {
  const all = selectedRows(take());
  const rows = all.filter((row) => onBridge.has(idOf(row)));
  let fault = rows.length > 0 ? undefined : missing(name, all.map(idOf)[0], names);
  for (const column of columns) {
    for (const port of ports) {
      const holding = new Set(selectedRows(take()).map(idOf));
      // Of several consumers each is the output of one row; a producer is in all of them.
      if (column === "output_port" && rows.some((row) => holding.has(idOf(row)))) continue;
      const outside = rows.find((row) => !holding.has(idOf(row)));
      if (!outside) continue;
      const holder = column === "output_port" ? uuids(outside.output_port)[0] : undefined;
      fault ??= `port ${quote(port.name)} is not ${ROLE_IN[column]} of mirror ` +
        `${quote(name)} any more${instead(holder, names)}`;
    }
  }
  for (const port of options ? ports : []) {
    if (selectedRows(take()).length > 0) continue;
    fault ??= `mirror ${quote(name)} does not give port ${quote(port.name)} the packets asked for`;
  }
  return fault;
}

const ROLE_IN: Readonly<Record<PortColumn, string>> = {
  select_src_port: "an ingress source",
  select_dst_port: "an egress source",
  output_port: "the output",
};

function missing(name: string, elsewhere: string | undefined, names?: Names): string {
  if (elsewhere === undefined) return `mirror ${quote(name)} is gone`;
  const holder = names?.bridgeOfMirror.get(elsewhere);
  const where = holder === undefined ? "another bridge" : `bridge ${quote(holder)}`;
  return `mirror ${quote(name)} is on ${where}`;
}

function instead(holder: string | undefined, names?: Names): string {
  return holder === undefined
    ? ""
    : `, but port ${quote(names?.portNames.get(holder) ?? holder)} is`;
}

function absent({ id, name }: AttachedPort, bridge: string, names?: Names): string {
  return names?.ports?.some((port) => port.name === name && port.id !== id)
    ? `port ${quote(name)} was deleted and made again since`
    : `port ${quote(name)} is not on bridge ${quote(bridge)} any more`;
}

/** The refusal of a CHECK. */
export function failed({ role, bridge }: AttachRequest, what: string, isNew = false): Refusal {
  return new Refusal(
    "not attached",
    `The ${role.name} on bridge ${quote(bridge)} is not as it was added: ${what}`,
    isNew
      ? "the network's configuration has changed since ADD: delete the pod and create it again"
      : "delete the pod and create it again; find out who changed the switch",
  );
}
