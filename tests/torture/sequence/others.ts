/**
 * Steps in which other programs work on the switch, or the cluster changes.
 *
 * @module
 */

import { entryOf } from "../attachment.ts";
import { BRIDGES, homeOf, MIRRORS, reconfigured } from "./cast.ts";
import type { Maker, Stage, Step } from "./stage.ts";
import { type Mirror, MOST_MIRRORS, OURS } from "./switch_model.ts";

/** The `ovs` plugin makes a pod's port. */
export const plug: Maker = ({ random, attachments, model, world }) => {
  const { port: name, bridge, netns, ifname } = random.pick(attachments);
  if (!model.bridges.has(bridge) || model.ports.has(name)) return undefined;
  const port = { bridge, netns, ifname };
  return {
    text: `port ${name} is made on ${bridge} for ${netns}`,
    model: () => void model.ports.set(name, port),
    real: () => world.addPort(name, port),
  };
};

/** The `ovs` plugin removes a pod's port. */
export const unplug: Maker = ({ random, model, world }) => {
  if (model.ports.size === 0) return undefined;
  const [name, port] = random.pick([...model.ports]);
  return {
    text: `port ${name} is removed`,
    model: () => model.removePort(name),
    real: () => world.removePort(name, port),
  };
};

/** A bridge is made. */
export const addBridge: Maker = ({ random, model, world }) => {
  const name = random.pick(BRIDGES);
  if (model.bridges.has(name)) return undefined;
  return {
    text: `bridge ${name} is made`,
    model: () => void model.bridges.add(name),
    real: () => world.addBridge(name),
  };
};

/** A bridge is removed. */
export const removeBridge: Maker = ({ random, model, world }) => {
  const name = random.pick(BRIDGES);
  if (!model.bridges.has(name)) return undefined;
  return {
    text: `bridge ${name} is removed`,
    model: () => model.removeBridge(name),
    real: () => world.removeBridge(name),
  };
};

/** Somebody makes a mirror: their own, or one that a killed plugin could have left. */
export const addMirror: Maker = (stage) => {
  const { random } = stage;
  const name = random.pick(MIRRORS);
  const bridge = random.chance(0.9) ? homeOf(name) : random.pick(BRIDGES);
  if (!stage.model.bridges.has(bridge)) return undefined;
  return makeMirror(stage, {
    ...blank(name, bridge),
    owner: random.pick([OURS, "somebody else", undefined]),
    selectAll: random.chance(0.1),
    outputVlan: random.chance(0.1) ? 1 + random.below(4000) : undefined,
    snaplen: random.chance(0.2) ? 14 + random.below(1000) : undefined,
  });
};

/** Somebody fills a bridge up with mirrors. */
export const fill: Maker = (stage) => {
  const { random, model } = stage;
  const bridge = random.pick(BRIDGES);
  if (!model.bridges.has(bridge)) return undefined;
  const count = MOST_MIRRORS - model.mirrorsOn(bridge).length - random.below(3);
  const steps = Array.from(
    { length: Math.max(0, count) },
    (_, index) =>
      makeMirror(stage, { ...blank(`filler-${index}`, bridge), owner: "somebody else" }),
  );
  return together(`${bridge} is filled up with mirrors`, steps);
};

/** Somebody removes all mirrors of a name. */
export const removeMirrors: Maker = (stage) => {
  if (stage.model.mirrors.size === 0) return undefined;
  return unmakeMirrors(stage, stage.random.pick([...stage.model.mirrors]).name);
};

/** Somebody removes what filled bridges up. */
export const drain: Maker = (stage) => {
  const names = new Set([...stage.model.mirrors].map(({ name }) => name));
  const fillers = [...names].filter((name) => name.startsWith("filler-"));
  return together("fillers are removed", fillers.map((name) => unmakeMirrors(stage, name)));
};

/** Somebody puts a port into the mirrors of a name, or takes it out. */
export const edit: Maker = ({ random, model, world }) => {
  if (model.mirrors.size === 0 || model.ports.size === 0) return undefined;
  const { name } = random.pick([...model.mirrors]);
  const [port] = random.pick([...model.ports]);
  const column = random.pick(["src", "dst", "output"] as const);
  const rows = model.named(name);
  const isIn = rows.some((row) =>
    column === "output" ? row.output === port : row[column].has(port)
  );
  if (column === "output" && rows.some(({ output }) => output !== undefined && output !== port)) {
    return undefined;
  }
  const change = isIn ? "delete" : "insert";
  return {
    text: `somebody does ${change} ${port} as ${column} of ${name}`,
    model: () => rows.forEach((row) => editRow(row, column, change, port)),
    real: () => world.edit(name, COLUMNS[column], change, port),
  };
};

/** A network's configuration names other mirrors than before. */
export const reconfigure: Maker = ({ random, attachments }) => {
  const index = random.below(attachments.length);
  const changed = reconfigured(attachments[index]!, random);
  return {
    text: `configuration of ${entryOf(changed)} changes`,
    model: () => void (attachments[index] = changed),
    real: () => Promise.resolve(),
  };
};

/** A power failure destroys an entry of the cache. */
export const damage: Maker = ({ random, model, world }) => {
  if (model.entries.size === 0) return undefined;
  const entry = random.pick([...model.entries.keys()]);
  return {
    text: `entry ${entry} is damaged`,
    model: () => model.damage(entry),
    real: () => world.damage(entry),
  };
};

const COLUMNS = { src: "select_src_port", dst: "select_dst_port", output: "output_port" };

function editRow(
  row: Mirror,
  column: keyof typeof COLUMNS,
  change: "insert" | "delete",
  port: string,
): void {
  if (column === "output") row.output = change === "insert" ? port : undefined;
  else if (change === "insert") row[column].add(port);
  else row[column].delete(port);
}

function blank(name: string, bridge: string): Mirror {
  return { name, bridge, src: new Set(), dst: new Set(), selectAll: false };
}

function makeMirror({ model, world }: Stage, mirror: Mirror): Step {
  return {
    text: `mirror ${mirror.name} of ${mirror.owner ?? "nobody"} is made on ${mirror.bridge}`,
    model: () => void model.mirrors.add(mirror),
    real: () => world.addMirror(mirror),
  };
}

function unmakeMirrors({ model, world }: Stage, name: string): Step {
  return {
    text: `mirrors ${name} are removed`,
    model: () => model.named(name).forEach((mirror) => model.mirrors.delete(mirror)),
    real: () => world.removeMirrors(name),
  };
}

function together(text: string, steps: readonly Step[]): Step {
  return {
    text,
    model: () => steps.forEach((step) => step.model()),
    async real() {
      for (const step of steps) await step.real();
    },
  };
}
