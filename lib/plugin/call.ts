/**
 * One request under way: what the commands have in common.
 *
 * @module
 */

import { AttachmentStore } from "./store.ts";
import type { Result } from "../cni/result.ts";
import type { Request } from "../cni/skel.ts";
import { configure } from "./configuration.ts";
import type { AttachRequest } from "../mirror/request.ts";
import type { MirrorConfiguration } from "../mirror/config.ts";
import type { Role } from "../mirror/role.ts";
import type { Query } from "../mirror/snapshot.ts";
import { Client } from "../ovsdb/client.ts";
import { untilAborted } from "../ovsdb/deadline.ts";
import type { Endpoint } from "../ovsdb/endpoint.ts";
import { Session } from "./session.ts";
import { isPrintable } from "../input/shape.ts";

/** Longest message accepted from the database, in bytes; a reply takes some hundred. */
const MAX_MESSAGE_BYTES = 1024 * 1024;

/** What a plugin works with besides its requests. */
export interface Surroundings {
  /** Where attachments are kept. */
  directory: string;
  /** Aborted when the time for the whole call is over. */
  signal: AbortSignal;
}

/** A request with all that it takes to carry it out. */
export class Call {
  /** What the plugin makes of a port. */
  readonly role: Role;
  /** What the runtime wants. */
  readonly request: Request;
  /** The attachments of the role. */
  readonly store: AttachmentStore;
  /** The database, once the configuration has told. */
  endpoint?: Endpoint;
  readonly #signal: AbortSignal;

  constructor(role: Role, { directory, signal }: Surroundings, request: Request) {
    this.role = role;
    this.request = request;
    this.store = new AttachmentStore(directory, role.cacheSuffix);
    this.#signal = signal;
  }

  /** Name of the attachment's entry in the store. */
  get entry(): string {
    const { containerId, ifname } = this.request.attachment;
    return this.store.entryName(containerId, ifname);
  }

  /**
   * Reads the configuration.
   *
   * @returns The configuration, filled up with defaults.
   * @throws {ShapeError | Refusal} It is not valid.
   * @throws {FileError} A configuration file can't be used.
   */
  async configure(): Promise<MirrorConfiguration> {
    const configuring = configure(this.role, this.request.configuration.members);
    const tooSlow = "the configuration file could not be read in time";
    const configuration = await untilAborted(configuring, this.#signal, tooSlow);
    this.endpoint = configuration.endpoint;
    return configuration;
  }

  /**
   * Connects to the database.
   *
   * @returns A session, to be closed by the caller.
   * @throws {OvsdbError} It can't be reached.
   */
  async connect({ endpoint }: MirrorConfiguration): Promise<Session> {
    const options = { signal: this.#signal, maxMessageBytes: MAX_MESSAGE_BYTES };
    const client = await Client.connect(endpoint, options);
    const { command, attachment: { containerId, ifname } } = this.request;
    return new Session(client, `${this.role.plugin} ${command} ${containerId} ${ifname}`.trim());
  }

  /** What is to be attached to what. */
  attachRequest({ bridge, mirrors }: MirrorConfiguration): AttachRequest {
    return { role: this.role, bridge, mirrors, netns: this.request.attachment.netns };
  }

  /** What to read of the database for it. */
  query({ bridge, mirrors }: MirrorConfiguration): Query {
    const { attachment, configuration: { prevResult } } = this.request;
    return {
      role: this.role,
      bridge,
      mirrors: mirrors.map(({ name }) => name),
      ports: hostInterfaces(prevResult, bridge),
      attachment,
    };
  }
}

/** What a command does with a call; returns what to print. */
export type Run = (call: Call) => Promise<string | void>;

/**
 * The interfaces on the host that may be ports. The bridge's own interface is on it too, but is no
 * pod's port, and a name that the database does not take is none of a port.
 *
 * @param result A CNI result, if there is one.
 * @param bridge The bridge's name.
 * @returns Names of interfaces, each once.
 */
export function hostInterfaces(result: Result | undefined, bridge: string): string[] {
  const names = result?.interfaces.filter(({ sandbox }) => !sandbox).map(({ name }) => name) ?? [];
  return [...new Set(names)].filter((name) => name !== bridge && isPrintable(name));
}
