/**
 * Steps that call a plugin.
 *
 * @module
 */

import { type Attachment, entryOf, requestFor, type Result, type Told } from "../attachment.ts";
import type { Maker, Stage, Step } from "./stage.ts";

/** What a runtime passes on ADD and CHECK; the port is named more often than not. */
const RESULTS: readonly Result[] = [
  "names the port",
  "names the port",
  "names the port",
  "names no port",
  "names another port",
];

/** ADD, whether or not the port is there and the attachment is made already. */
export const add: Maker = (stage) => {
  const attachment = pickPlugged(stage);
  const told = { result: stage.random.pick(RESULTS), netns: true };
  return call(stage, "ADD", attachment, told, () => stage.model.add(attachment, told));
};

/** CHECK, likewise. */
export const check: Maker = (stage) => {
  const attachment = stage.random.chance(0.7) ? pickRecorded(stage) : pickPlugged(stage);
  const told = { result: stage.random.pick(RESULTS), netns: true };
  return call(stage, "CHECK", attachment, told, () => stage.model.check(attachment, told));
};

/** DEL, whatever is left of the attachment. */
export const del: Maker = (stage) => {
  const attachment = stage.random.pick(stage.attachments);
  const result = stage.random.pick<Result>([...RESULTS, "is absent", "is absent"]);
  const told = { result, netns: stage.random.chance(0.6) };
  return call(stage, "DEL", attachment, told, () => stage.model.del(attachment, told));
};

/** GC of one network and role, with a list of some attachments that are still valid. */
export const gc: Maker = (stage) => {
  const { random, attachments, model, world, caller } = stage;
  const attachment = random.pick(attachments);
  const valid = random.some(attachments, 0.5);
  const request = requestFor(attachment, world.place, "GC", { result: "is absent", netns: false });
  const list = valid.map(({ container, ifname }) => ({ containerID: container, ifname }));
  return {
    text: `GC of ${attachment.role}s of ${attachment.network} on ${attachment.bridge}, valid: ` +
      list.map(({ containerID }) => containerID).join(" "),
    model: () => model.gc(attachment, valid),
    real: () =>
      caller(attachment.role, {
        ...request,
        config: { ...request.config, "cni.dev/valid-attachments": list },
        env: {},
      }),
  };
};

/** STATUS of a network. */
export const status: Maker = (stage) => {
  const attachment = stage.random.pick(stage.attachments);
  const told: Told = { result: "is absent", netns: false };
  return call(stage, "STATUS", attachment, told, () => stage.model.status(attachment));
};

function call(
  { caller, world }: Stage,
  command: string,
  attachment: Attachment,
  told: Told,
  model: Step["model"],
): Step {
  const names = attachment.mirrors.map(({ name, ingress, egress }) =>
    `${name}${ingress ? "i" : ""}${egress ? "e" : ""}`
  );
  return {
    text: `${command} ${entryOf(attachment)} on ${attachment.bridge}, ` +
      `mirrors ${names.join(" ")}, prevResult ${told.result}${told.netns ? "" : ", no netns"}`,
    model,
    real: () => caller(attachment.role, requestFor(attachment, world.place, command, told)),
  };
}

/** Mostly one whose port is there. */
function pickPlugged({ random, attachments, model }: Stage): Attachment {
  const plugged = attachments.filter(({ port, netns }) => model.ports.get(port)?.netns === netns);
  return random.pick(plugged.length > 0 && random.chance(0.9) ? plugged : attachments);
}

/** One that is on record, if there is any. */
function pickRecorded({ random, attachments, model }: Stage): Attachment {
  const recorded = attachments.filter((one) => model.entries.has(entryOf(one)));
  return random.pick(recorded.length > 0 ? recorded : attachments);
}
