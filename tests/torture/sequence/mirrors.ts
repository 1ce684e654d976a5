/**
 * Steps in which somebody else works on mirrors.
 *
 * @module
 */

import { stringMap, type Value } from "../../../lib/ovsdb/value.ts";
import { idOf } from "../../model/database/row.ts";
import { MOST_MIRRORS, OURS } from "../../model/semantics/promises.ts";
import { bridgeNamed, named } from "../../model/switch/rows.ts";
import { BRIDGES, homeOf, MIRRORS, SITES } from "./cast.ts";
import { PORT_COLUMNS } from "./port_cells.ts";
import { nameOf, pickNamed } from "./names.ts";
import type { Change, Maker } from "./stage.ts";

/** Somebody makes a mirror: their own, or one that a killed plugin could have left. */
export const addMirror: Maker<Change> = ({ random, state, world }) => {
  const name = random.pick(MIRRORS);
  const site = random.pick(SITES);
  const bridge = random.chance(0.9) ? homeOf(name) : random.pick(BRIDGES);
  if (!bridgeNamed(state[site]!, bridge)) return undefined;
  const owner = random.pick([OURS, "somebody else", undefined]);
  const row: Record<string, Value> = { name, select_all: random.chance(0.1) };
  if (owner !== undefined) row.external_ids = stringMap({ owner });
  if (random.chance(0.1)) row.output_vlan = 1 + random.below(4000);
  if (random.chance(0.2)) row.snaplen = 14 + random.below(1000);
  return {
    text: `mirror ${name} of ${owner ?? "nobody"} is made on ${site}/${bridge}`,
    act: () => world.addMirror(site, bridge, row),
  };
};

/** Somebody removes all mirrors of a name. */
export const removeMirrors: Maker<Change> = ({ random, state, world }) => {
  const site = random.pick(SITES);
  const name = pickNamed(random, state[site]!.Mirror);
  if (name === undefined) return undefined;
  return { text: `mirrors ${name} are removed`, act: () => world.removeMirrors(site, name) };
};

/** Somebody fills a bridge up with mirrors. */
export const fill: Maker<Change> = ({ random, state, world }) => {
  const [site, name] = [random.pick(SITES), random.pick(BRIDGES)];
  const bridge = bridgeNamed(state[site]!, name);
  if (!bridge) return undefined;
  const count = MOST_MIRRORS - bridge.mirrors!.size - random.below(3);
  return {
    text: `${site}/${name} is filled up with mirrors`,
    async act() {
      for (let index = 0; index < count; index++) {
        const external_ids = stringMap({ owner: "somebody else" });
        await world.addMirror(site, name, { name: `filler-${index}`, external_ids });
      }
    },
  };
};

/** Somebody removes what filled bridges up. */
export const drain: Maker<Change> = ({ state, world }) => ({
  text: "fillers are removed",
  async act() {
    for (const site of SITES) {
      const names = new Set([...state[site]!.Mirror.values()].map(nameOf));
      for (const name of [...names].filter((name) => name.startsWith("filler-"))) {
        await world.removeMirrors(site, name);
      }
    }
  },
});

/** Somebody puts a port into the mirrors of a name, or takes it out. */
export const edit: Maker<Change> = ({ random, state, world }) => {
  const site = random.pick(SITES);
  const { Mirror, Port } = state[site]!;
  const name = pickNamed(random, Mirror);
  const port = pickNamed(random, Port);
  if (name === undefined || port === undefined) return undefined;
  const id = idOf(named(Port, port)[0]!);
  const column = random.pick(PORT_COLUMNS);
  const rows = named(Mirror, name);
  const change = rows.some((row) => row[column]!.has(id)) ? "delete" : "insert";
  const isTaken = rows.some((row) => row.output_port!.size > 0 && !row.output_port!.has(id));
  if (column === "output_port" && isTaken) return undefined;
  return {
    text: `somebody does ${change} ${port} as ${column} of ${name}`,
    act: () => world.edit(site, name, column, change, id),
  };
};
