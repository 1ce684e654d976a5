/**
 * A switch as far as mirrors go: what its database should hold, kept in memory.
 *
 * @module
 */

import type { MirrorView } from "../../support/ovsdb.ts";

/** Owner of the mirrors that the plugins make. */
export const OURS = "ovs-cni.network.kubevirt.io";

/** Mirrors that the switch carries per bridge. */
export const MOST_MIRRORS = 32;

/** What a mirror may have besides ports; the plugins have to keep it. */
export interface Extras {
  name: string;
  selectAll: boolean;
  outputVlan?: number;
  snaplen?: number;
}

/** A mirror. */
export interface Mirror extends Extras {
  bridge: string;
  owner?: string;
  src: Set<string>;
  dst: Set<string>;
  output?: string;
}

/** A port, and the attachment that the `ovs` plugin marked it with. */
export interface Port {
  bridge: string;
  netns: string;
  ifname: string;
}

/** The model of a switch. */
export class SwitchModel {
  /** Names. */
  readonly bridges = new Set<string>();
  /** By name. */
  readonly ports = new Map<string, Port>();
  readonly mirrors = new Set<Mirror>();

  /** Removes a port. It vanishes from all mirrors. */
  removePort(name: string): void {
    this.ports.delete(name);
    for (const mirror of this.mirrors) {
      mirror.src.delete(name);
      mirror.dst.delete(name);
      if (mirror.output === name) mirror.output = undefined;
    }
  }

  /** Removes a bridge with its ports and mirrors. */
  removeBridge(name: string): void {
    this.bridges.delete(name);
    for (const mirror of this.mirrorsOn(name)) this.mirrors.delete(mirror);
    for (const [port, { bridge }] of [...this.ports]) if (bridge === name) this.removePort(port);
  }

  /** The mirrors of a bridge. */
  mirrorsOn(bridge: string): Mirror[] {
    return [...this.mirrors].filter((mirror) => mirror.bridge === bridge);
  }

  /** All mirrors of a name. */
  named(name: string): Mirror[] {
    return [...this.mirrors].filter((mirror) => mirror.name === name);
  }

  /** Mirrors of ours on a bridge that nobody uses. */
  leftovers(bridge: string): Mirror[] {
    return this.mirrorsOn(bridge).filter((mirror) =>
      mirror.owner === OURS && mirror.src.size + mirror.dst.size === 0 &&
      mirror.output === undefined && mirror.outputVlan === undefined && !mirror.selectAll
    );
  }

  /** Removes what nobody uses. */
  sweep(bridge: string): void {
    for (const mirror of this.leftovers(bridge)) this.mirrors.delete(mirror);
  }

  /** The mirrors in the form in which the database is read. */
  views(): MirrorView[] {
    return [...this.mirrors].map(({ name, bridge, owner, src, dst, output }) => ({
      name,
      bridge,
      owner,
      src: [...src].sort(),
      dst: [...dst].sort(),
      output,
    }));
  }

  /** What mirrors have besides ports, likewise. */
  extras(): Extras[] {
    return [...this.mirrors].map(({ name, selectAll, outputVlan, snaplen }) => ({
      name,
      selectAll,
      outputVlan,
      snaplen,
    }));
  }
}
