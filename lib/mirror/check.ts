/**
 * Finds out whether ports are still attached to mirrors.
 *
 * @module
 */

import type { Condition, Operation } from "../ovsdb/operation.ts";
import { type OperationResult, selectedRows } from "../ovsdb/result.ts";
import { uuidSet } from "../ovsdb/value.ts";
import type { AttachRequest } from "./request.ts";
import { noBridge } from "./conflicts.ts";
import { attachablePorts } from "./ports.ts";
import { Refusal } from "./refusal.ts";
import type { PortColumn } from "./role.ts";
import type { MirrorState, PortState, Snapshot } from "./snapshot.ts";
import { quote } from "../input/shape.ts";

/** One thing that must be so: the operation that asks, and what to say if it finds no row. */
interface Assertion {
  operation: Operation;
  failure: string;
}

/** The questions of a CHECK, and the function that judges the answers. */
export interface Inspection {
  /** The questions, for one transaction. */
  operations: Operation[];
  /**
   * Judges the answers.
   *
   * @param results One per operation.
   * @throws {Refusal} Something is not as it was after ADD.
   */
  judge(results: readonly OperationResult[]): void;
}

/**
 * Plans a CHECK.
 *
 * @param request What ADD was asked for.
 * @param snapshot The database as it was read.
 * @returns The questions.
 * @throws {Refusal} The snapshot alone shows that something is not as it was after ADD.
 */
export function planCheck(request: AttachRequest, snapshot: Snapshot): Inspection {
  const { bridge } = snapshot;
  if (!bridge) throw noBridge(request.bridge);
  const ports = attachablePorts(request, snapshot);
  const assertions = ports.map((port) => assertOnBridge(request.bridge, bridge.id, port));
  for (const { name, columns } of request.mirrors) {
    const rows = snapshot.mirrors.filter((row) => row.name === name);
    if (rows.length === 0) throw failed(request, `mirror ${quote(name)} is gone`);
    for (const row of rows) {
      if (!bridge.mirrors.includes(row.id)) throw failed(request, elsewhere(row, snapshot));
      for (const column of columns) {
        assertions.push(...ports.map((port) => assertIn(row, column, port, snapshot)));
      }
    }
  }
  return {
    operations: assertions.map(({ operation }) => operation),
    judge(results) {
      assertions.forEach(({ failure }, index) => {
        if (selectedRows(results[index]).length === 0) throw failed(request, failure);
      });
    },
  };
}

function assertOnBridge(bridge: string, id: string, port: PortState): Assertion {
  return {
    operation: find("Bridge", id, ["ports", "includes", uuidSet([port.id])]),
    failure: `port ${quote(port.name)} is not on bridge ${quote(bridge)} any more`,
  };
}

function assertIn(row: MirrorState, column: PortColumn, port: PortState, snapshot: Snapshot) {
  const holder = row.output && (snapshot.details?.portNames.get(row.output) ?? row.output);
  const instead = column === "output_port" && holder ? `, but port ${quote(holder)} is` : "";
  return {
    operation: find("Mirror", row.id, [column, "includes", uuidSet([port.id])]),
    failure: `port ${quote(port.name)} is not ${ROLE_IN[column]} of mirror ` +
      `${quote(row.name)} any more${instead}`,
  };
}

const ROLE_IN: Readonly<Record<PortColumn, string>> = {
  select_src_port: "an ingress source",
  select_dst_port: "an egress source",
  output_port: "the output",
};

function find(table: string, id: string, condition: Condition): Operation {
  const itself: Condition = ["_uuid", "==", ["uuid", id]];
  return { op: "select", table, where: [itself, condition], columns: ["_uuid"] };
}

function elsewhere(row: MirrorState, snapshot: Snapshot): string {
  const holder = snapshot.details?.bridgeOfMirror.get(row.id);
  const where = holder === undefined ? "another bridge" : `bridge ${quote(holder)}`;
  return `mirror ${quote(row.name)} is on ${where}`;
}

function failed({ role, bridge }: AttachRequest, what: string): Refusal {
  return new Refusal(
    "not attached",
    `The ${role.name} on bridge ${quote(bridge)} is not as it was added: ${what}`,
    "delete the pod and create it again; find out who changed the switch",
  );
}
