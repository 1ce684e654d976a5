/**
 * Whose port it is that stands in the way of an ADD.
 *
 * @module
 */

import { quote } from "../input/shape.ts";
import { Refusal } from "../mirror/refusal.ts";
import { readEntries } from "./entries.ts";
import type { AttachmentStore } from "./store.ts";

/**
 * Names the pod of the port that a refusal is about, where it is on record.
 *
 * @param store The records of the role.
 * @param refusal The refusal.
 * @returns The same, or one whose message names the pod.
 */
export async function withPod(store: AttachmentStore, refusal: Refusal): Promise<Refusal> {
  const { reason, message, hint, holder } = refusal;
  const parts = (await readEntries(store)).flatMap(({ record }) => record.parts);
  const pod = parts.find(({ ports }) => ports.some(({ id }) => id === holder))?.pod;
  if (!pod) return refusal;
  const name = quote(`${pod.namespace}/${pod.name}`);
  return new Refusal(reason, `${message} of pod ${name}`, hint, holder);
}
