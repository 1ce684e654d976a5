/**
 * The parameters that a runtime passes in environment variables.
 *
 * Source: CNI specification, section "Parameters".
 *
 * @module
 */

import { isPrintable, quote } from "../input/shape.ts";
import { parseNamespace, parsePod, type PodName } from "./arguments.ts";
import { CniCode, CniError } from "./error.ts";

/**
 * Reports whether a text is a letter or digit, followed by letters, digits, `_`, `.` and `-`.
 *
 * @param text The text.
 * @returns Whether a container or a network may be called that.
 */
export function isIdentifier(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(text);
}

/** A command of the CNI protocol. */
export type Command = "ADD" | "CHECK" | "DEL" | "GC" | "STATUS" | "VERSION";

/** Looks a variable up. */
export type Variables = (name: string) => string | undefined;

/** One container's interface; what an attachment is known by. */
export interface Attachment {
  /** The container, by the runtime's name for it. */
  containerId: string;
  /** The interface's name inside the container. */
  ifname: string;
  /** Path of the network namespace; empty if it is gone. */
  netns: string;
  /** The pod that it is for, if the runtime tells. */
  pod?: PodName;
  /** The namespace that the runtime tells, as it stands there, with or without a pod's name. */
  namespace?: string;
}

type Variable = "CNI_CONTAINERID" | "CNI_NETNS" | "CNI_IFNAME";

const REQUIRED: Readonly<Record<Command, readonly Variable[]>> = {
  ADD: ["CNI_CONTAINERID", "CNI_NETNS", "CNI_IFNAME"],
  CHECK: ["CNI_CONTAINERID", "CNI_NETNS", "CNI_IFNAME"],
  DEL: ["CNI_CONTAINERID", "CNI_IFNAME"],
  GC: [],
  STATUS: [],
  VERSION: [],
};

/** Room for the rest of a cache entry's name within the 255 bytes of a file name. */
const MAX_CONTAINER_ID = 200;
/** `IFNAMSIZ` of Linux, without the final NUL. */
const MAX_IFNAME = 15;
/** `PATH_MAX` of Linux. */
const MAX_PATH = 4096;

/**
 * Reads the command.
 *
 * @param name The value of `CNI_COMMAND`.
 * @returns The command.
 * @throws {CniError} Code 4: there is no such command.
 */
export function parseCommand(name: string): Command {
  if (Object.hasOwn(REQUIRED, name)) return name as Command;
  throw invalid(`CNI_COMMAND is ${quote(name)}`, `use one of ${Object.keys(REQUIRED).join(", ")}`);
}

/**
 * Reads the attachment that a command is about.
 *
 * @param command The command; `GC` and `STATUS` are about none, and get empty strings.
 * @param variables The environment.
 * @returns The attachment.
 * @throws {CniError} Code 4: variables are missing (all of them are named) or ill-formed.
 */
export function parseAttachment(command: Command, variables: Variables): Attachment {
  const missing = REQUIRED[command].filter((name) => !variables(name));
  if (missing.length > 0) {
    throw invalid(`${command} needs ${missing.join(", ")}`, "set them in the plugin's environment");
  }
  if (REQUIRED[command].length === 0) return { containerId: "", ifname: "", netns: "" };
  const args = variables("CNI_ARGS");
  const [pod, namespace] = [parsePod(args), parseNamespace(args)];
  return {
    containerId: checkContainerId(variables("CNI_CONTAINERID")!),
    ifname: checkIfname(variables("CNI_IFNAME")!),
    netns: checkNetns(variables("CNI_NETNS") ?? ""),
    ...(pod && { pod }),
    ...(namespace && { namespace }),
  };
}

function checkContainerId(id: string): string {
  if (id.length <= MAX_CONTAINER_ID && isIdentifier(id)) return id;
  throw invalid(
    `CNI_CONTAINERID is ${quote(id)}`,
    `use a letter or digit, then letters, digits, "_", "." and "-", ${MAX_CONTAINER_ID} at most`,
  );
}

function checkIfname(name: string): string {
  const bytes = new TextEncoder().encode(name).length;
  const allowed = isPrintable(name) && !/[\s/:]/.test(name) && name !== "." && name !== "..";
  if (allowed && bytes <= MAX_IFNAME) return name;
  throw invalid(
    `CNI_IFNAME is ${quote(name)}`,
    `use at most ${MAX_IFNAME} bytes without "/", ":" and white space, and neither "." nor ".."`,
  );
}

function checkNetns(path: string): string {
  if (path.length <= MAX_PATH && isPrintable(path)) return path;
  throw invalid(`CNI_NETNS is ${quote(path)}`, `use a path of at most ${MAX_PATH} characters`);
}

function invalid(message: string, details: string): CniError {
  return new CniError(CniCode.invalidEnvironment, message, details);
}
