/**
 * One call of a plugin: state and functions that the commands share.
 *
 * @module
 */

import type { Result } from "../cni/result.ts";
import type { PluginRequest } from "../cni/skel.ts";
import { isThere } from "../input/files.ts";
import { isPrintable } from "../input/shape.ts";
import type { AttachRequest, MirrorConfiguration } from "../mirror/config/config.ts";
import { columnsFor } from "../mirror/config/options.ts";
import type { ReadableConfiguration } from "../mirror/config/lenient.ts";
import { Refusal } from "../mirror/refusal.ts";
import type { Role } from "../mirror/role.ts";
import type { Query } from "../mirror/snapshot/snapshot.ts";
import { Client } from "../ovsdb/client.ts";
import type { Endpoint } from "../ovsdb/endpoint.ts";
import { type Ask, configure, configureLeniently } from "./configuration.ts";
import type { Directory } from "./records/directory.ts";
import { type Deadline, inTime } from "./deadline.ts";
import type { Owner } from "./records/record.ts";
import { type Connection, Session } from "./database/session.ts";
import { AttachmentStore } from "./records/store.ts";

/** Longest message accepted from the database, in bytes; a reply takes some hundred. */
const MAX_MESSAGE_BYTES = 1024 * 1024;

/** Most interfaces of a result that are looked up; usually there is one. */
export const MAX_INTERFACES = 1000;

/** Most attempts to detach ports attached by hand, while others change the switch. */
const MAX_ATTEMPTS = 20;

/** The environment of a plugin. */
export interface CallContext {
  /** The directory with the records of attachments. */
  directory: Directory;
  /** The end of the whole call's time. */
  deadline: Deadline;
  /** True to wait until the switch has applied a change; there may be only a database. */
  waits: boolean;
  /** Path of the administrator's policy, if there may be one. */
  policy?: string;
  /** Opens a connection to a database; that of an OVSDB server unless given. */
  connect?(endpoint: Endpoint, signal: AbortSignal): Promise<Connection>;
}

/** A request and what is needed to carry it out. */
export class Call {
  /** The role that the plugin gives a port. */
  readonly role: Role;
  /** The runtime's request. */
  readonly request: PluginRequest;
  /** The records of the role. */
  readonly store: AttachmentStore;
  /** The end of the whole call's time. */
  readonly deadline: Deadline;
  /** True to wait until the switch has applied a change. */
  readonly waits: boolean;
  /** Address of the database, once it is known. */
  endpoint?: Endpoint;
  readonly #directory: Directory;
  readonly #policy?: string;
  readonly #connect: (endpoint: Endpoint, signal: AbortSignal) => Promise<Connection>;

  constructor(role: Role, context: CallContext, request: PluginRequest) {
    const { directory, deadline, waits, policy, connect = connectToServer } = context;
    this.role = role;
    this.request = request;
    this.store = new AttachmentStore(directory, role.cacheSuffix);
    this.#directory = directory;
    this.deadline = deadline;
    this.waits = waits;
    this.#policy = policy;
    this.#connect = connect;
  }

  /** Name of the attachment's entry in the store. */
  get entry(): string {
    const { containerId, ifname } = this.request.attachment;
    return this.store.entryName(containerId, ifname);
  }

  /** The attachment and network of this call, which tell its parts of a record. */
  get owner(): Owner {
    const { attachment: { containerId, ifname }, configuration: { name } } = this.request;
    return { containerId, ifname, network: name };
  }

  /**
   * Reads the administrator's policy. Its code is loaded only if there is one.
   *
   * @returns A function that checks a configuration against it; nothing if there is no policy.
   * @throws {Refusal} The policy can't be used, so nothing is allowed.
   */
  readPolicy(): Promise<Ask | undefined> {
    return this.#inTime(this.#readPolicy(), "the policy");
  }

  async #readPolicy(): Promise<Ask | undefined> {
    const path = this.#policy;
    if (path === undefined || !await isThere(path)) return undefined;
    const { asking } = await import("./policy.ts");
    return await asking(path, this.role, this.request.attachment);
  }

  /**
   * Reads the configuration.
   *
   * @returns The configuration, filled up with defaults.
   * @throws {ShapeError | Refusal} It is not valid.
   * @throws {FileError} A configuration file can't be used.
   */
  configure(): Promise<MirrorConfiguration> {
    return this.#inTime(this.#configure());
  }

  /**
   * Reads the configuration, if the node's policy allows it.
   *
   * @returns The configuration, filled up with defaults.
   * @throws {ShapeError | Refusal} It is not valid, or the policy does not allow it or can't be used.
   * @throws {FileError} A configuration file can't be used.
   */
  configureAllowed(): Promise<MirrorConfiguration> {
    // One wait for both: each costs as much as the look for a policy.
    const reading = this.#readPolicy().then((ask) => this.#configure(ask));
    return this.#inTime(reading, "the policy or the configuration file");
  }

  #configure(ask?: Ask): Promise<MirrorConfiguration> {
    return configure(this.role, this.request.configuration.members, ask);
  }

  /**
   * Reads the configuration as far as it can be read.
   *
   * @returns What could be read.
   */
  configureLeniently(): Promise<ReadableConfiguration> {
    return this.#inTime(configureLeniently(this.role, this.request.configuration.members));
  }

  #inTime<Value>(doing: Promise<Value>, what = "the configuration file"): Promise<Value> {
    return inTime(doing, this.deadline, what);
  }

  /**
   * Connects to a database.
   *
   * @param endpoint Where it is.
   * @param signal Ends it before the call's time is over.
   * @returns A session, to be closed by the caller.
   * @throws {OvsdbError} It can't be reached.
   */
  async connect(endpoint: Endpoint, signal?: AbortSignal): Promise<Session> {
    this.endpoint = endpoint;
    const end = this.deadline.signal;
    const connection = await this.#connect(endpoint, signal ? AbortSignal.any([end, signal]) : end);
    const { command, attachment: { containerId, ifname } } = this.request;
    return new Session(
      connection,
      `${this.role.plugin} ${command} ${containerId} ${ifname}`.trim(),
    );
  }

  /**
   * Detaches ports that were attached by hand and whose time is over. Errors do not fail this call:
   * the next one tries again.
   *
   * @param session The database.
   * @returns Whether something was detached.
   */
  async endByHand(session: Session): Promise<boolean> {
    const { takeBack } = await import("./by_hand.ts");
    return await takeBack(session, this.#directory, undefined, MAX_ATTEMPTS)
      .then((taken) => taken.length > 0, () => false);
  }

  /** The request to attach the call's ports. */
  attachRequest({ bridge, mirrors }: Pick<AttachRequest, "bridge" | "mirrors">): AttachRequest {
    const { netns, pod } = this.request.attachment;
    return { role: this.role, bridge, mirrors, netns, podUid: pod?.uid };
  }

  /** The rows to read for it. */
  query({ bridge, mirrors }: Pick<AttachRequest, "bridge" | "mirrors">): Query {
    const { attachment, configuration: { prevResult } } = this.request;
    const { netns, ifname } = attachment;
    const ports = hostInterfaces(prevResult, bridge);
    if (ports.length > MAX_INTERFACES) {
      throw new Refusal(
        "invalid configuration",
        `prevResult names ${ports.length} interfaces of the host, and at most ${MAX_INTERFACES} ` +
          "are looked up",
        "let the plugins before this one return those that they made",
      );
    }
    return {
      role: this.role,
      bridge,
      mirrors: mirrors.map(({ name }) => name),
      ports,
      attachment: { netns, ifname, podUid: attachment.pod?.uid },
      ...(this.request.command === "ADD" && attachment.pod?.uid && { ofPod: true }),
      ...(mirrors.some(({ shared, options, remote }) => shared || options || remote) && {
        tunnels: [...new Set(mirrors.flatMap(({ remote }) => remote?.port ?? []))],
        optionColumns: columnsFor(...mirrors.map(({ options }) => options)),
      }),
    };
  }
}

function connectToServer(endpoint: Endpoint, signal: AbortSignal): Promise<Connection> {
  return Client.connect(endpoint, { signal, maxMessageBytes: MAX_MESSAGE_BYTES });
}

/** Carries out a command and returns what to print. */
export type Run = (call: Call) => Promise<string | void>;

/**
 * The interfaces on the host that may be ports. The bridge's own interface is not a pod's port, and
 * a name that the database does not accept is not a port's.
 *
 * @param result A CNI result, if there is one.
 * @param bridge The bridge's name, if it is known.
 * @returns Names of interfaces, each once.
 */
export function hostInterfaces(result: Result | undefined, bridge?: string): string[] {
  const names = result?.interfaces.filter(({ sandbox }) => !sandbox).map(({ name }) => name) ?? [];
  return [...new Set(names)].filter((name) => name !== bridge && isPrintable(name));
}
