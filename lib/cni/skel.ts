/**
 * The frame of a CNI plugin: from environment and standard input to standard output and exit
 * status. All of these are values, so that a whole plugin runs within a test.
 *
 * Source: CNI specification, section "Execution Protocol".
 *
 * @module
 */

import {
  type Attachment,
  type Command,
  parseAttachment,
  parseCommand,
  type Variables,
} from "./environment.ts";
import { ShapeError } from "../input/shape.ts";
import { CniCode, CniError } from "./error.ts";
import { decode, type NetworkConfiguration, parseConfiguration } from "./request.ts";
import { isSupported, NEWEST_VERSION, SUPPORTED_VERSIONS } from "./version.ts";

/** One request of a runtime. */
export interface PluginRequest {
  /** The command. */
  command: Exclude<Command, "VERSION">;
  /** The container's interface that it is about. */
  attachment: Attachment;
  /** The network that it is about. */
  configuration: NetworkConfiguration;
}

/**
 * A plugin's answer to a request.
 *
 * @returns What to print: the result on ADD, nothing otherwise.
 */
export type Handler = (request: PluginRequest) => Promise<string | void>;

/** Input of a plugin: environment and standard input. */
export interface Invocation {
  /** Looks up an environment variable. */
  variables: Variables;
  /** Reads standard input to its end. */
  input(): Promise<Uint8Array>;
}

/** Says what is wrong with data that a check refused, and what to do. */
export type Explain = (error: ShapeError) => Promise<{ message: string; hint: string }>;

/** Output of a plugin. */
export interface Outcome {
  /** For standard output; may be empty. */
  output: string;
  /** The process's exit status. */
  exitCode: 0 | 1;
}

/**
 * Carries out one call of a plugin.
 *
 * @param invocation The environment and standard input.
 * @param handle What the plugin does.
 * @param needsPrevResult Whether ADD and CHECK need the result of the plugin before.
 * @param explain Says what is wrong with data that a check refused; its own message unless given.
 * @returns What to print and the exit status; errors have become CNI error objects.
 */
export async function dispatch(
  invocation: Invocation,
  handle: Handler,
  needsPrevResult = false,
  explain?: Explain,
): Promise<Outcome> {
  let version: unknown;
  let reading: Promise<Uint8Array> | undefined;
  const read = () => reading ??= invocation.input();
  try {
    const command = parseCommand(invocation.variables("CNI_COMMAND") ?? "");
    const attachment = parseAttachment(command, invocation.variables);
    const input = await read();
    // People ask for the version with nothing on standard input, and may.
    if (command === "VERSION" && input.length === 0) return success(versions(NEWEST_VERSION));
    const members = decode(input);
    version = members.cniVersion;
    if (command === "VERSION") return success(versions(version));
    const configuration = parseConfiguration(command, members, needsPrevResult);
    return success(await handle({ command, attachment, configuration }));
  } catch (error) {
    return await failure(error, version ?? await versionIn(read), explain);
  }
}

/** The runtime gets an error in its own version, also one about its environment. */
async function versionIn(read: () => Promise<Uint8Array>): Promise<unknown> {
  try {
    return decode(await read()).cniVersion;
  } catch {
    return undefined;
  }
}

/**
 * Turns an error into what the runtime gets to see.
 *
 * @param error What was thrown.
 * @param version The version of the request, as far as it is known.
 * @param explain Says what is wrong with data that a check refused.
 * @returns A CNI error object and the exit status.
 */
export async function failure(
  error: unknown,
  version?: unknown,
  explain?: Explain,
): Promise<Outcome> {
  const cniVersion = isSupported(version) ? version : NEWEST_VERSION;
  return { output: (await asCniError(error, explain)).toJson(cniVersion), exitCode: 1 };
}

function success(output: string | void): Outcome {
  return { output: output ?? "", exitCode: 0 };
}

function versions(requested: unknown): string {
  const cniVersion = typeof requested === "string" ? requested : NEWEST_VERSION;
  return JSON.stringify({ cniVersion, supportedVersions: SUPPORTED_VERSIONS }) + "\n";
}

async function asCniError(error: unknown, explain?: Explain): Promise<CniError> {
  if (error instanceof CniError) return error;
  if (error instanceof ShapeError) {
    const { message, hint } = await explain?.(error) ??
      { message: error.message, hint: "correct it" };
    return new CniError(CniCode.invalidConfiguration, message, hint);
  }
  // Only the kind of error: a message could repeat what was read from a file.
  const name = error instanceof Error ? error.name : typeof error;
  return new CniError(CniCode.internal, `the plugin failed unexpectedly (${name})`, REPORT);
}

const REPORT = "this is a defect of the plugin, please report it with the configuration used";
