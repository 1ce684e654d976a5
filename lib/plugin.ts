/**
 * ADD, CHECK, DEL, GC and STATUS, once for both roles: configuration → snapshot → plan →
 * transaction → result.
 *
 * @module
 */

import { type AttachmentRecord, AttachmentStore } from "./attachments/store.ts";
import { CniCode, CniError } from "./cni/error.ts";
import { parseValidAttachments } from "./cni/gc.ts";
import { formatResult, parsePrevResult, type Result } from "./cni/result.ts";
import type { Handler, Request } from "./cni/skel.ts";
import { configure } from "./configuration.ts";
import { toCniError } from "./failure.ts";
import { noBridge } from "./mirror/attach.ts";
import type { MirrorConfiguration } from "./mirror/config.ts";
import { Refusal } from "./mirror/refusal.ts";
import type { Role } from "./mirror/role.ts";
import type { Query } from "./mirror/snapshot.ts";
import { Client } from "./ovsdb/client.ts";
import { untilAborted } from "./ovsdb/deadline.ts";
import type { Endpoint } from "./ovsdb/endpoint.ts";
import { OperationError } from "./ovsdb/error.ts";
import { Session } from "./session.ts";
import { ShapeError } from "./shape.ts";

/** Longest message accepted from the database, in bytes; a reply takes some hundred. */
const MAX_MESSAGE_BYTES = 1024 * 1024;

/** What a plugin works with besides its requests. */
export interface Surroundings {
  /** Where attachments are kept. */
  directory: string;
  /** Aborted when the time for the whole call is over. */
  signal: AbortSignal;
}

/**
 * Makes the handler of a plugin.
 *
 * @param role What the plugin makes of a port.
 * @param surroundings What it works with.
 * @returns The handler; it throws nothing but CNI errors and defects.
 */
export function createPlugin(role: Role, surroundings: Surroundings): Handler {
  return async (request) => {
    const call = new PluginCall(role, surroundings, request);
    try {
      return await call[request.command]();
    } catch (error) {
      throw toCniError(error, request.command, call.endpoint);
    }
  };
}

/** One request under way. */
class PluginCall {
  /** The database, once the configuration has told. */
  endpoint?: Endpoint;
  readonly #role: Role;
  readonly #signal: AbortSignal;
  readonly #request: Request;
  readonly #store: AttachmentStore;
  readonly #entry: string;

  constructor(role: Role, { directory, signal }: Surroundings, request: Request) {
    this.#role = role;
    this.#signal = signal;
    this.#request = request;
    this.#store = new AttachmentStore(directory, role.cacheSuffix);
    const { containerId, ifname } = request.attachment;
    this.#entry = this.#store.entryName(containerId, ifname);
  }

  async ADD(): Promise<string> {
    const { cniVersion, prevResult } = this.#request.configuration;
    const output = formatResult(prevResult!, cniVersion);
    const configuration = await this.#configure();
    using session = await this.#connect();
    const previous = this.#store.read(this.#entry);
    let recorded = false;
    try {
      await session.attach(this.#attachRequest(configuration), this.#query(configuration), () => {
        this.#store.write(this.#entry, this.#record(configuration, previous));
        recorded = true;
      });
    } catch (error) {
      if (recorded && isDefinite(error)) this.#restore(previous);
      throw error;
    }
    return output;
  }

  async CHECK(): Promise<void> {
    const configuration = await this.#configure();
    using session = await this.#connect();
    await session.check(this.#attachRequest(configuration), this.#query(configuration));
  }

  async DEL(): Promise<void> {
    const record = this.#store.read(this.#entry);
    const configuration = await this.#configureUnlessNeverAdded(record);
    if (!configuration) return;
    using session = await this.#connect();
    const { bridge, mirrors } = configuration;
    await this.#detach(session, record ?? {}, bridge, mirrors.map(({ name }) => name));
    this.#store.remove(this.#entry);
  }

  async GC(): Promise<void> {
    const { name: network, members } = this.#request.configuration;
    const valid = parseValidAttachments(members);
    if (!valid) return;
    const { bridge } = await this.#configure();
    using session = await this.#connect();
    const kept = new Set(valid.map((one) => this.#store.entryName(one.containerID, one.ifname)));
    for (const entry of this.#store.names()) {
      const record = kept.has(entry) ? undefined : this.#store.read(entry);
      if (record?.network !== network) continue;
      await this.#detach(session, record, bridge, []);
      this.#store.remove(entry);
    }
    await session.detach({ role: this.#role, bridge, mirrors: [], ports: [] }, []);
  }

  async STATUS(): Promise<void> {
    const configuration = await this.#configure();
    try {
      using session = await this.#connect();
      if (!await session.hasBridge(this.#query(configuration))) {
        throw noBridge(configuration.bridge);
      }
    } catch (error) {
      const problem = toCniError(error, "STATUS", this.endpoint);
      if (!(problem instanceof CniError)) throw error;
      throw new CniError(CniCode.notAvailable, problem.message, problem.details);
    }
  }

  async #configure(): Promise<MirrorConfiguration> {
    const { members } = this.#request.configuration;
    const configuring = configure(this.#role, members);
    const tooSlow = "the configuration file could not be read in time";
    const configuration = await untilAborted(configuring, this.#signal, tooSlow);
    this.endpoint = configuration.endpoint;
    return configuration;
  }

  /**
   * A configuration that ADD refuses never attached anything. An error here would keep the
   * runtime from deleting what the plugins before this one made.
   */
  async #configureUnlessNeverAdded(
    record: AttachmentRecord | undefined,
  ): Promise<MirrorConfiguration | undefined> {
    try {
      return await this.#configure();
    } catch (error) {
      const refused = error instanceof Refusal || error instanceof ShapeError;
      if (refused && !record) return undefined;
      throw error;
    }
  }

  async #connect(): Promise<Session> {
    const client = await Client.connect(this.endpoint!, {
      signal: this.#signal,
      maxMessageBytes: MAX_MESSAGE_BYTES,
    });
    const { command, attachment: { containerId, ifname } } = this.#request;
    const who = [this.#role.plugin, command, containerId, ifname].filter((word) => word !== "");
    return new Session(client, who.join(" "));
  }

  #attachRequest({ bridge, mirrors }: MirrorConfiguration) {
    return { role: this.#role, bridge, mirrors };
  }

  #query({ bridge, mirrors }: MirrorConfiguration): Query {
    const { attachment, configuration: { prevResult } } = this.#request;
    return {
      role: this.#role,
      bridge,
      mirrors: mirrors.map(({ name }) => name),
      ports: hostInterfaces(prevResult, bridge),
      attachment,
    };
  }

  /** Detaches an attachment from the mirrors of a configuration and from those on record. */
  async #detach(session: Session, record: AttachmentRecord, bridge: string, mirrors: string[]) {
    const { attachment, configuration: { prevResult } } = this.#request;
    const result = prevResult ?? recordedResult(record);
    const netns = [attachment.netns, record.netns].filter((path) => path) as string[];
    const places = new Map([[bridge, new Set(mirrors)]]);
    const onRecord = record.bridge ?? bridge;
    places.set(onRecord, new Set([...places.get(onRecord) ?? [], ...record.mirrors ?? []]));
    for (const [place, names] of places) {
      const ports = hostInterfaces(result, place);
      const query = { role: this.#role, bridge: place, mirrors: [...names], ports };
      const owner = { netns: netns[0] ?? "", ifname: attachment.ifname || record.ifname || "" };
      await session.detach({ ...query, attachment: owner }, netns);
    }
  }

  /** Chained producers share an entry, which then names the mirrors of all of them. */
  #record({ bridge, mirrors }: MirrorConfiguration, previous?: AttachmentRecord): AttachmentRecord {
    const { attachment: { netns, ifname }, configuration: { name, prevResult } } = this.#request;
    const shared = previous?.network === name && previous.bridge === bridge;
    const names = [...(shared ? previous.mirrors ?? [] : []), ...mirrors.map(({ name }) => name)];
    return {
      PrevResult: prevResult!.members,
      network: name,
      netns,
      ifname,
      bridge,
      mirrors: [...new Set(names)],
    };
  }

  #restore(previous: AttachmentRecord | undefined): void {
    if (previous) this.#store.write(this.#entry, previous);
    else this.#store.remove(this.#entry);
  }
}

/** Whether it is certain that a transaction did not take effect. */
function isDefinite(error: unknown): boolean {
  return error instanceof Refusal || error instanceof OperationError;
}

/** Interfaces on the host. The bridge's own interface is on it too, but is no pod's port. */
function hostInterfaces(result: Result | undefined, bridge: string): string[] {
  const names = result?.interfaces.filter(({ sandbox }) => !sandbox).map(({ name }) => name) ?? [];
  return [...new Set(names)].filter((name) => name !== bridge);
}

function recordedResult({ PrevResult }: AttachmentRecord): Result | undefined {
  try {
    return PrevResult === undefined ? undefined : parsePrevResult(PrevResult);
  } catch (error) {
    // A damaged entry is as good as none: the port is looked up by its marks.
    if (error instanceof CniError || error instanceof ShapeError) return undefined;
    throw error;
  }
}
