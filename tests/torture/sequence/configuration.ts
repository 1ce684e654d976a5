/**
 * Edits and breaks a network's configuration between two calls.
 *
 * @module
 */

import type { WantedMirror } from "../../../lib/mirror/config/config.ts";
import { consumer, type PortColumn, producer, type Role } from "../../../lib/mirror/role.ts";
import type { MirrorCall } from "../../model/semantics/call.ts";
import { namesIn, type Told, type Wanted } from "../attachment.ts";
import { BRIDGES, type Plugin, type Site } from "./cast.ts";
import type { Stage } from "./stage.ts";

/** A configuration as a call gets it. */
export interface Configuration {
  /** The edit, for messages. */
  edit: string;
  /** Members that differ from what the network had. */
  members: Record<string, unknown>;
  /** The database that it leads to, if that can be reached. */
  site?: Site;
  /** Whether it names an address at which nobody answers. */
  isUnreachable?: boolean;
  /** The bridge, if it can be told. */
  bridge?: string;
  mirrors: readonly Wanted[];
  /** The code with which it is refused where it has to be valid. */
  refusedWith?: number;
}

/** Codes of errors of a configuration. */
const IO_FAILURE = 5;
const INVALID = 7;
export const TRY_AGAIN = 11;

type Edit = (plugin: Plugin, stage: Stage) => Partial<Configuration>;

/** Edits, by a name for messages. */
const EDITS: Readonly<Record<string, Edit>> = {
  "names another bridge": (_, { random }) => {
    const bridge = random.pick(BRIDGES);
    return { members: { bridge }, bridge };
  },
  "names another database": (plugin, { world }) => {
    const site = plugin.site === 0 ? 1 : 0;
    return { members: { socket_file: world.place(site).socket }, site };
  },
  "names fewer mirrors": ({ mirrors }) => withMirrors(mirrors.slice(0, 1)),
  "names no mirrors": () => ({ ...withMirrors([]), refusedWith: INVALID }),
  "has a mirror that can't be meant": ({ role, mirrors: [first, ...rest] }) =>
    role === "producer"
      ? {
        ...withMirrors([{ ...first!, ingress: false, egress: false }, ...rest]),
        refusedWith: INVALID,
      }
      : { members: { mirrors: [{ name: "" }, ...rest] }, mirrors: rest, refusedWith: INVALID },
  "has its bridge in a file": ({ bridge }, { world }) => {
    const path = `${world.directory}/${bridge}.conf`;
    Deno.writeTextFileSync(path, JSON.stringify({ bridge }));
    return { members: { bridge: "", configuration_path: path } };
  },
  "has its bridge in a file that is missing": (_, { world }) => ({
    ...withFile(`${world.directory}/missing.conf`),
    refusedWith: INVALID,
  }),
  "has its bridge in a file that is a directory": (_, { world }) => ({
    ...withFile(world.directory),
    refusedWith: IO_FAILURE,
  }),
  "has its bridge in a file that is not JSON": (_, { world }) => {
    const path = `${world.directory}/broken.conf`;
    Deno.writeTextFileSync(path, "{");
    return { ...withFile(path), refusedWith: INVALID };
  },
  "names a database that nobody serves": (_, { world }) => ({
    members: { socket_file: `${world.directory}/nobody.sock` },
    site: undefined,
    isUnreachable: true,
    refusedWith: TRY_AGAIN,
  }),
  "names a database by what is no address": () => ({
    members: { socket_file: "db.sock" },
    site: undefined,
    refusedWith: INVALID,
  }),
};

function withMirrors(mirrors: readonly Wanted[]): Partial<Configuration> {
  return { members: { mirrors }, mirrors };
}

function withFile(path: string): Partial<Configuration> {
  return { members: { bridge: "", configuration_path: path }, bridge: undefined };
}

/** The configuration of a plugin as it is, or edited with a probability. */
export function configurationOf(
  plugin: Plugin,
  stage: Stage,
  probability: number,
): Configuration {
  const { site, bridge, mirrors } = plugin;
  const { socket } = stage.world.place(site);
  const usual = { edit: "is as it was", members: {}, site, bridge, mirrors };
  const { random } = stage;
  if (!random.chance(probability)) return { ...usual, members: { socket_file: socket } };
  const edit = random.pick(Object.keys(EDITS));
  const changed = EDITS[edit]!(plugin, stage);
  return { ...usual, ...changed, edit, members: { socket_file: socket, ...changed.members } };
}

const ROLES: Readonly<Record<Plugin["role"], Role>> = { producer, consumer };

/**
 * What a call is about, as its configuration and the runtime tell.
 *
 * @param told What the runtime tells.
 * @param recorded The ports in the result that is on record; those of prevResult matter then only if
 * it has none.
 */
export function callOf(
  plugin: Plugin,
  { bridge, mirrors }: Configuration,
  told: Told,
  recorded?: readonly string[],
): MirrorCall {
  // The container's end of either result tells the network namespace too.
  const isKnown = told.netns || told.result !== "is absent" || recorded !== undefined;
  return {
    role: ROLES[plugin.role],
    bridge: bridge ?? "",
    mirrors: mirrors.map((mirror) => wanted(plugin, mirror)),
    ports: recorded?.length ? recorded : namesIn(plugin, told.result),
    attachment: {
      netns: isKnown ? plugin.netns : "",
      ifname: plugin.ifname,
      podUid: told.podUid,
    },
  };
}

function wanted({ role }: Plugin, { name, ingress, egress }: Wanted): WantedMirror {
  const columns: PortColumn[] = [];
  if (role === "consumer") columns.push("output_port");
  if (role === "producer" && ingress) columns.push("select_src_port");
  if (role === "producer" && egress) columns.push("select_dst_port");
  return { name, columns };
}
