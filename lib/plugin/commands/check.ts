/**
 * CHECK: verifies that the port is still a source or the output of the mirrors.
 *
 * @module
 */

import { type Names, planCheck } from "../../mirror/plan/check.ts";
import { noBridge } from "../../mirror/refusal.ts";
import type { ReadableConfiguration } from "../../mirror/config/lenient.ts";
import { attachablePorts } from "../../mirror/snapshot/ports.ts";
import { Refusal } from "../../mirror/refusal.ts";
import type { AttachRequest } from "../../mirror/config/config.ts";
import type { Snapshot } from "../../mirror/snapshot/snapshot.ts";
import { formatEndpoint, parseEndpoint } from "../../ovsdb/endpoint.ts";
import { type Call, hostInterfaces } from "../call.ts";
import { isOf, type Part } from "../records/record.ts";
import type { Session } from "../database/session.ts";

/**
 * Carries out CHECK.
 *
 * @param call The call.
 */
export async function run(call: Call): Promise<void> {
  const record = await call.store.read(call.entry);
  const parts = record?.parts.filter(isOf(call.owner)) ?? [];
  const configuration = complete(await call.configureLeniently(), parts);
  const { endpoint } = configuration;
  const mirrors = configuration.mirrors.filter(({ columns }) => columns.length > 0);
  // The Go implementation attaches nothing then, and its CHECK succeeds.
  if (mirrors.length === 0) return;
  using session = await call.connect(endpoint);
  const request = call.attachRequest({ ...configuration, mirrors });
  const here = parts.filter(({ database, bridge }) =>
    bridge === request.bridge && database === formatEndpoint(endpoint)
  );
  if (here.some(({ ports }) => ports.length > 0)) {
    await checkRecorded(call, session, request, here);
  } else await checkNamed(call, session, request, parts.length > 0);
  if (!mirrors.some(({ remote }) => remote)) return;
  const { planRemoteCheck } = await import("../../mirror/plan/check_remote.ts");
  const { operations, judge } = planRemoteCheck(request);
  judge(await session.transact(operations));
}

/** Fills in what the configuration lacks from the record that ADD left. */
function complete({ bridge, endpoint, mirrors }: ReadableConfiguration, parts: readonly Part[]) {
  const recorded = parts.find((part) => part.bridge && part.database);
  bridge ??= recorded?.bridge;
  if (bridge && endpoint) return { bridge, endpoint, mirrors };
  if (bridge && recorded) return { bridge, endpoint: parseEndpoint(recorded.database!), mirrors };
  throw new Refusal(
    "invalid configuration",
    bridge ? '"socket_file" is not an address of a database' : "the configuration names no bridge",
    "correct the network configuration, or the configuration file of the ovs plugin",
  );
}

/**
 * Checks the ports on record by their rows, in one request. Ports of an earlier ADD without a DEL
 * are ignored where the current result names others.
 */
async function checkRecorded(
  call: Call,
  session: Session,
  request: AttachRequest,
  parts: readonly Part[],
): Promise<void> {
  const recorded = parts.flatMap(({ ports }) => ports);
  const interfaces = hostInterfaces(call.request.configuration.prevResult, request.bridge);
  const named = recorded.filter(({ name }) => interfaces.includes(name));
  const ports = named.length > 0 ? named : recorded;
  const inspect = async (names?: Names) => {
    const { operations, judge } = planCheck(request, ports, names);
    judge(await session.transact(operations));
  };
  try {
    await inspect();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { askAgain } = await import("../../mirror/snapshot/obstacles.ts");
    const query = call.query(request);
    const snapshot = await session.ask(askAgain(query, await session.read(query)));
    await inspect({
      ...snapshot.details!,
      ports: snapshot.ports,
      since: wantedSince(request, parts),
    });
  }
}

/** Mirrors that the current configuration names and the one of ADD did not. */
function wantedSince({ mirrors }: AttachRequest, parts: readonly Part[]): Set<string> {
  const recorded = parts.flatMap((part) => part.mirrors);
  const added = mirrors.filter(({ name, columns }) =>
    !columns.every((column) =>
      recorded.some((mirror) => mirror.name === name && mirror.columns.includes(column))
    )
  );
  return new Set(added.map(({ name }) => name));
}

/**
 * Looks up by name the ports that are not on record. Of several ports, the Go implementation
 * attached the first; a record whose ports are damaged is of an ADD that attached all.
 */
async function checkNamed(
  call: Call,
  session: Session,
  request: AttachRequest,
  attachedAll: boolean,
): Promise<void> {
  await session.withSnapshot(call.query(request), async (snapshot: Snapshot) => {
    if (!snapshot.bridge) throw noBridge(request.bridge);
    const ports = attachablePorts({ ...request, several: true }, snapshot);
    const inspection = planCheck(
      request,
      attachedAll ? ports : ports.slice(0, 1),
      snapshot.details,
    );
    inspection.judge(await session.transact(inspection.operations));
  });
}
