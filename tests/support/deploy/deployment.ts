/**
 * Pods with their attachments, on a node or, without one, as rows of the database only.
 *
 * @module
 */

import type { Attachment, NetworkList, Runtime } from "../cni/chain.ts";
import type { Node, Pod } from "../run/namespace.ts";
import type { WantedInterface, WantedPod } from "../cni/pods.ts";

/** An interface that was attached. */
interface Attached {
  network: NetworkList;
  attachment: Attachment;
  /** Its port on the bridge. */
  port: string;
}

/** Pods and their attachments. */
export class Deployment {
  readonly #runtime: Runtime;
  readonly #node?: Node;
  readonly #pods = new Map<string, Pod>();
  readonly #attached: Attached[] = [];

  /**
   * @param runtime What attaches the pods.
   * @param node Where the pods are; without it they have no network namespace.
   */
  constructor(runtime: Runtime, node?: Node) {
    this.#runtime = runtime;
    this.#node = node;
  }

  /**
   * Makes pods and attaches their interfaces.
   *
   * @param signal Stops between two steps.
   */
  async add(pods: readonly WantedPod[], signal?: AbortSignal): Promise<void> {
    for (const pod of pods) {
      signal?.throwIfAborted();
      const netns = await this.#makePod(pod.name);
      for (const wanted of pod.interfaces) await this.#attach(pod, netns, wanted);
    }
  }

  /** Checks all attachments. */
  async check(): Promise<void> {
    for (const { network, attachment } of this.#attached) {
      await this.#runtime.check(network, attachment);
    }
  }

  /**
   * Deletes attachments, the last first, and the pods.
   *
   * @param names Which pods; all of them unless given.
   */
  async del(...names: string[]): Promise<void> {
    const isMeant = (name: string) => names.length === 0 || names.includes(name);
    for (const one of this.#attached.toReversed()) {
      if (!isMeant(one.attachment.containerId)) continue;
      await this.#runtime.del(one.network, one.attachment);
      this.#attached.splice(this.#attached.indexOf(one), 1);
    }
    for (const pod of [...this.#pods.values()].filter(({ name }) => isMeant(name))) {
      await this.#node!.removePod(pod);
      this.#pods.delete(pod.name);
    }
  }

  /** Undoes one plugin of a chain and leaves the others. */
  async delPlugin(name: string, ifname: string, type: string): Promise<void> {
    const { network, attachment } = this.#find(name, ifname);
    await this.#runtime.delPlugin(network, attachment, type);
  }

  /** Does what one plugin of a chain does once more, after {@linkcode delPlugin}. */
  async addPlugin(name: string, ifname: string, type: string): Promise<void> {
    const { network, attachment } = this.#find(name, ifname);
    await this.#runtime.addPlugin(network, attachment, type);
  }

  /** A pod on the node. */
  pod(name: string): Pod {
    const pod = this.#pods.get(name);
    if (pod) return pod;
    throw new Error(`no pod ${name}`);
  }

  /**
   * Names the port of an interface.
   *
   * @param pod The pod's name.
   */
  portOf(pod: string, ifname: string): string {
    return this.#find(pod, ifname).port;
  }

  /**
   * Tells whose port it is.
   *
   * @param port A port of the bridge.
   * @returns The pod and its interface, such as `producer-1/eth1`.
   */
  ownerOf(port: string): string {
    const { containerId, ifname } = this.#attached.find((one) => one.port === port)!.attachment;
    return `${containerId}/${ifname}`;
  }

  async #makePod(name: string): Promise<string> {
    if (!this.#node) return `/var/run/netns/${name}`;
    const pod = await this.#node.addPod(name);
    this.#pods.set(name, pod);
    return pod.netns;
  }

  async #attach(pod: WantedPod, netns: string, { network, ifname, address }: WantedInterface) {
    const attachment = { containerId: pod.name, netns, ifname };
    const { interfaces } = await this.#runtime.add(network, attachment);
    const port = interfaces.find(({ sandbox }) => !sandbox)!.name;
    this.#attached.push({ network, attachment, port });
    if (address) await this.#pods.get(pod.name)?.setAddress(ifname, `${address}/24`);
  }

  #find(name: string, ifname: string): Attached {
    return this.#attached.find(({ attachment }) =>
      attachment.containerId === name && attachment.ifname === ifname
    )!;
  }
}
