/**
 * Steps in which ports, bridges and pods come and go, and what is known of them changes.
 *
 * @module
 */

import { bridgeNamed } from "../../model/switch/rows.ts";
import { entryOf } from "../attachment.ts";
import { BRIDGES, podOf, reconfigured, SITES, uidOf } from "./cast.ts";
import type { Remainder } from "./ledger.ts";
import { pickNamed, siteOf } from "./names.ts";
import type { Change, Maker } from "./stage.ts";

/** The `ovs` plugin makes a pod's port; one that has the name, from whatever pod, goes before. */
export const plug: Maker<Change> = ({ random, plugins, state, world }) => {
  const plugin = random.pick(plugins);
  const { port, site, bridge, netns, ifname } = plugin;
  const holder = siteOf(state, port);
  if (!bridgeNamed(state[site]!, bridge)) return undefined;
  if (holder !== undefined && random.chance(0.8)) return undefined;
  const owner = podOf(plugin);
  const marks = random.chance(0.8) ? { netns, ifname, podUid: uidOf(plugin) } : undefined;
  const how = `${holder === undefined ? "" : " again"}${marks ? "" : ", unmarked"}`;
  return {
    text: `port ${port} is made on ${site}/${bridge} for ${owner}${how}`,
    async act() {
      // A port's name is a device's, of which the node has one.
      if (holder !== undefined) await world.removePort(holder, port);
      await world.addPort(site, bridge, port, { owner, marks });
    },
  };
};

/** The `ovs` plugin removes a pod's port. */
export const unplug: Maker<Change> = ({ random, state, world }) => {
  const site = random.pick(SITES);
  const port = pickNamed(random, state[site]!.Port);
  if (port === undefined) return undefined;
  return { text: `port ${port} is removed`, act: () => world.removePort(site, port) };
};

/**
 * The node starts anew. In the place of some pods come others, with the same paths of network
 * namespaces, but not each with that of its own predecessor. Some ports are left.
 */
export const reboot: Maker<Change> = (stage) => {
  const { random, plugins, ledger, state, world } = stage;
  const gone = random.some([...new Set(plugins.map(({ container }) => container))], 0.3);
  const past = plugins.filter(({ container }) => gone.includes(container));
  const removed = random.some([...new Set(past.map(({ port }) => port))], 0.5);
  const paths = [...new Set(past.map(({ netns }) => netns))];
  const next = (path: string) => paths[(paths.indexOf(path) + 1) % paths.length]!;
  return {
    text: `pods ${gone.join(" ")} are replaced, ports ${removed.join(" ")} are removed`,
    async act() {
      for (const port of removed) {
        const site = siteOf(state, port);
        if (site !== undefined) await world.removePort(site, port);
      }
      // A runtime may delete once more what it has deleted.
      const before = stage.past.filter((one) => ledger.of(one).length > 0);
      stage.past = [...before, ...past];
      stage.plugins = plugins.map((one) =>
        past.includes(one)
          ? { ...one, container: `${one.container}n`, netns: next(one.netns) }
          : one
      );
    },
  };
};

/** A bridge is made. */
export const addBridge: Maker<Change> = ({ random, state, world }) => {
  const [site, name] = [random.pick(SITES), random.pick(BRIDGES)];
  if (bridgeNamed(state[site]!, name)) return undefined;
  return { text: `bridge ${site}/${name} is made`, act: () => world.addBridge(site, name) };
};

/** A bridge is removed, with its ports and mirrors. */
export const removeBridge: Maker<Change> = ({ random, state, world }) => {
  const [site, name] = [random.pick(SITES), random.pick(BRIDGES)];
  if (!bridgeNamed(state[site]!, name)) return undefined;
  return { text: `bridge ${site}/${name} is removed`, act: () => world.removeBridge(site, name) };
};

/** A network's configuration names other mirrors than before. */
export const reconfigure: Maker<Change> = ({ random, plugins }) => {
  const index = random.below(plugins.length);
  const changed = reconfigured(plugins[index]!, random);
  return {
    text: `configuration of ${entryOf(changed)} changes`,
    act: () => void (plugins[index] = changed),
  };
};

/** A record is lost, or a part of it. */
export const lose: Maker<Change> = ({ random, ledger, world }) => {
  const entries = ledger.entries().filter((entry) => !ledger.partless.has(entry));
  if (entries.length === 0) return undefined;
  const entry = random.pick(entries);
  const left = random.pick<Remainder>(["nothing", "nothing", "PrevResult", "garbage"]);
  return {
    text: `of record ${entry} ${left} is left`,
    async act() {
      await world.lose(entry, left);
      ledger.lose(entry, left);
    },
  };
};
