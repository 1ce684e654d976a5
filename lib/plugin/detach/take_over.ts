/**
 * Takeover by an ADD: a pod has one live sandbox, so ports of its earlier ones may be replaced, and
 * an output whose network namespace is gone is free. Loaded only if there is one.
 *
 * @module
 */

import { quote } from "../../input/shape.ts";
import type { MirrorConfiguration } from "../../mirror/config/config.ts";
import { Refusal } from "../../mirror/refusal.ts";
import { isRow, select } from "../../ovsdb/operation.ts";
import { selectedRows } from "../../ovsdb/result.ts";
import { readStringMap } from "../../ovsdb/value.ts";
import type { Call } from "../call.ts";
import type { Session } from "../database/session.ts";
import { readEntries } from "../records/all_records.ts";
import { isOf, type Part } from "../records/record.ts";
import { forgetDead, recordedParts, withoutNetns } from "./dead.ts";
import { detachRecorded, type RecordedPart } from "./recorded.ts";
import { detachPorts } from "./transaction.ts";

/** The call that takes over. */
interface Scene {
  call: Call;
  configuration: MirrorConfiguration;
  session: Session;
}

/**
 * Frees the output that an ADD was refused for, if no live attachment has it.
 *
 * @param scene The call.
 * @param refusal Why ADD was refused.
 * @throws {Refusal} A live attachment has it; the message names its pod, if recorded.
 */
export async function freeOutput(scene: Scene, refusal: Refusal): Promise<void> {
  const { call, session } = scene;
  const { holder } = refusal;
  const recorded = recordedParts(
    await readEntries(call.store),
    ({ ports }) => ports.some(({ id }) => id === holder),
  );
  // ADD may be repeated without a DEL, with another port.
  const isOwn = isOf(call.owner);
  const others = recorded.filter(({ part }) => !isOwn(part) && !isEarlier(call, part));
  const dead = await withoutNetns(call, others);
  const isFree = recorded.length > 0
    ? dead.length === others.length
    : await isOfPod(call, session, holder!);
  if (!call.role.exclusive || !isFree) throw named(refusal, call, recorded[0]?.part);
  await detachEarlier(scene, recorded, [holder!]);
}

/**
 * Takes over the ports of earlier sandboxes of the pod.
 *
 * @param scene The call.
 * @param ports Rows of the ports that the `ovs` plugin made for it.
 */
export async function takeOver(scene: Scene, ports: readonly string[]): Promise<void> {
  const { call } = scene;
  const recorded = recordedParts(
    await readEntries(call.store),
    (part) => isEarlier(call, part) && part.ports.some(({ id }) => ports.includes(id)),
  );
  await detachEarlier(scene, recorded, ports);
}

async function detachEarlier(
  { call, configuration, session }: Scene,
  recorded: readonly RecordedPart[],
  ports: readonly string[],
): Promise<void> {
  const known = new Set(recorded.flatMap(({ part }) => part.ports.map(({ id }) => id)));
  const rest = ports.filter((id) => !known.has(id));
  await detachRecorded(call, recorded, { configuration, patience: 0 });
  if (rest.length > 0) {
    const mirrors = configuration.mirrors.map(({ name }) => ({ name }));
    const detachments = [{ ports: rest, mirrors }];
    const bridges = [configuration.bridge];
    await detachPorts(session, { role: call.role, detachments, bridges, patience: 0 });
  }
  await forgetDead(call, configuration);
}

/** Tells whether a part is of the same interface of the same pod, but another sandbox. */
function isEarlier({ request: { attachment } }: Call, part: Part): boolean {
  const uid = attachment.pod?.uid;
  return uid !== undefined && part.pod?.uid === uid && part.ifname === attachment.ifname &&
    part.containerId !== attachment.containerId;
}

/** Tells by the `ovs` plugin's marks, without a record, whether a port is of the same pod. */
async function isOfPod({ request }: Call, session: Session, port: string): Promise<boolean> {
  const { ifname, pod } = request.attachment;
  if (pod?.uid === undefined) return false;
  const [rows] = await session.transact([select("Port", [isRow(port)], ["external_ids"])]);
  return selectedRows(rows).some((row) => {
    const marks = readStringMap(row.external_ids);
    return marks.get("contPodUid") === pod.uid && marks.get("contIface") === ifname;
  });
}

function named(refusal: Refusal, { request }: Call, part?: Part): Refusal {
  const { reason, message, hint, holder } = refusal;
  if (!part?.pod) return refusal;
  const { namespace, name } = part.pod;
  const own = request.attachment.pod;
  const isSame = own?.namespace === namespace && own.name === name;
  const whose = `${isSame ? "an earlier sandbox of " : ""}pod ${quote(`${namespace}/${name}`)}`;
  return new Refusal(reason, `${message} of ${whose}`, hint, holder);
}
