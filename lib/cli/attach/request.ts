/**
 * Requests to `attach` and `detach`, from the command line.
 *
 * @module
 */

import {
  arePluginMembers,
  type MirrorMembers,
  type WantedMirror,
} from "../../mirror/config/config.ts";
import { ShapeError } from "../../input/shape.ts";
import { withOptions } from "../../mirror/config/option_members.ts";
import { parseRemoteText } from "../../mirror/config/remote.ts";
import { Refusal } from "../../mirror/refusal.ts";
import { consumer, type Role } from "../../mirror/role.ts";
import { explain } from "../../schema/explain.ts";
import { quote } from "../../text/text.ts";
import { parseDuration } from "../duration.ts";
import { CommandError, EXIT } from "../errors.ts";
import { type Arguments, parseOptions } from "../options.ts";
import type { PortName } from "./find_port.ts";
import { ATTACH_OPTIONS, DETACH_OPTIONS } from "./options.ts";

const MAX_SECONDS = 7 * 24 * 3600;

/** A request to attach. */
export interface AttachCommand {
  port: PortName;
  mirror: WantedMirror;
  /** Seconds after which it ends. */
  seconds?: number;
  /** The interface of the node to make as the output, and what of the mirror it gets. */
  internal?: { name: string; output: WantedMirror };
  socket?: string;
}

/** A request to detach. */
export interface DetachCommand {
  /** The port and the mirror, any of them unless given; absent: all. */
  what?: { port: PortName; mirror?: string };
  socket?: string;
}

/**
 * Reads the command line of `attach`.
 *
 * @param args The words after the command's name.
 * @param role What the port is to be.
 * @returns What they ask for.
 * @throws {CommandError} They are not valid.
 */
export async function parseAttach(args: readonly string[], role: Role): Promise<AttachCommand> {
  const { options, lists, operands } = parseOptions(args, ATTACH_OPTIONS);
  const port = readPort("attach", { options, lists, operands });
  const name = options.get("mirror");
  if (!name) throw new CommandError("name the mirror with --mirror");
  const [internal, remote, time] = ["internal", "remote", "for"].map((one) => options.get(one));
  if (role.exclusive) refuseGiven(options, ["ingress", "egress", "internal", "remote"], SOURCE);
  else {
    refuseGiven(options, ["shared", "all"], OUTPUT);
    if (lists.has("vlan")) throw misplaced("vlan", OUTPUT);
    if (!internal && !remote) refuseGiven(options, ["snaplen", "filter"], `${OUTPUT} or a tunnel`);
  }
  if (internal && remote) throw new CommandError("copies go to one place: --internal or --remote");
  if (internal !== undefined && !/^[A-Za-z0-9_.-]{1,15}$/.test(internal)) {
    const hint = "use at most 15 letters, digits, _, . and -";
    throw new CommandError(`option --internal can't be ${quote(internal)}; ${hint}`);
  }
  const output = await readOutput(name, options, lists);
  const both = !options.has("ingress") && !options.has("egress");
  const columns = role.columnsFor({
    ingress: both || options.has("ingress"),
    egress: both || options.has("egress"),
  });
  const mirror = internal === undefined ? { ...output, columns } : { name, columns };
  return {
    port,
    mirror: remote === undefined
      ? mirror
      : { ...mirror, remote: refusing(() => parseRemoteText(remote, "--remote")) },
    ...(internal !== undefined && {
      internal: { name: internal, output: { ...output, columns: consumer.columnsFor({}) } },
    }),
    ...(time !== undefined && { seconds: parseDuration("for", time, MAX_SECONDS) }),
    socket: options.get("socket"),
  };
}

const SOURCE = "a source";
const OUTPUT = "an output";

/**
 * Reads the command line of `detach`.
 *
 * @param args The words after the command's name.
 * @returns What they ask for.
 * @throws {CommandError} They are not valid.
 */
export function parseDetach(args: readonly string[]): DetachCommand {
  // What attach was told may stand here too.
  const given = parseOptions(args, [...DETACH_OPTIONS, ...IGNORED]);
  const { options, lists } = given;
  const socket = options.get("socket");
  const mirror = options.get("mirror");
  const isNamed = lists.has("pod") ||
    ["port", "interface", "mirror"].some((name) => options.has(name));
  if (options.has("all") && !isNamed) return { socket };
  if (options.has("all")) throw new CommandError("--all stands alone: it means all there is");
  return { what: { port: readPort("detach", given), mirror }, socket };
}

/** Options of `attach` that do not tell which attachment is meant. */
const IGNORED = ATTACH_OPTIONS.filter(({ name }) =>
  !DETACH_OPTIONS.some((option) => option.name === name)
);

function readPort(command: string, { options, lists, operands }: Arguments): PortName {
  if (operands.length > 0) {
    const hint = "name a pod with --pod";
    throw new CommandError(`${command} takes options only, not ${quote(operands[0]!)}; ${hint}`);
  }
  const [port, ifname] = ["port", "interface"].map((one) => options.get(one));
  const pod = lists.get("pod");
  if (!pod === !port) throw new CommandError("name either a pod with --pod or a port with --port");
  if (port && ifname) throw new CommandError("--interface goes with --pod");
  return { pod, port, ifname };
}

function refuseGiven(options: Arguments["options"], names: readonly string[], kind: string): void {
  for (const name of names) if (options.has(name)) throw misplaced(name, kind);
}

function misplaced(name: string, kind: string): CommandError {
  return new CommandError(
    `--${name} is of ${kind}; ovs-mirror-producer attaches sources, ovs-mirror-consumer outputs`,
  );
}

/** Options of an output, checked as a consumer's configuration is. */
async function readOutput(
  name: string,
  options: Arguments["options"],
  lists: Arguments["lists"],
): Promise<WantedMirror> {
  const snaplen = options.get("snaplen");
  const mirror: MirrorMembers = {
    name,
    ...(options.has("shared") && { shared: true }),
    ...(options.has("all") && { all: true }),
    ...(lists.has("vlan") && { vlans: lists.get("vlan")!.map(Number) }),
    ...(snaplen !== undefined && { snaplen: Number(snaplen) }),
    ...(options.has("filter") && { filter: options.get("filter") }),
  };
  const members = { mirrors: [mirror] };
  if (!arePluginMembers(members)) {
    const error = new ShapeError("configuration", members, "the command line");
    throw new CommandError(explain(error).replaceAll("mirrors[0].", ""));
  }
  const wanted = await withOptions(consumer, [mirror], [{ name, columns: [] }]).catch(asUsage);
  return wanted[0]!;
}

function refusing<Value>(action: () => Value): Value {
  try {
    return action();
  } catch (error) {
    return asUsage(error);
  }
}

function asUsage(error: unknown): never {
  if (!(error instanceof Refusal)) throw error;
  throw new CommandError(`${error.message}; ${error.hint}`, EXIT.misuse);
}
