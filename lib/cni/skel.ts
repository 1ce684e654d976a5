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
import type { Explain, Outcome } from "./failure.ts";
import { decode, type NetworkConfiguration, parseConfiguration } from "./request.ts";
import { NEWEST_VERSION, SUPPORTED_VERSIONS } from "./version.ts";

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
    const { failure } = await import("./failure.ts");
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

function success(output: string | void): Outcome {
  return { output: output ?? "", exitCode: 0 };
}

function versions(requested: unknown): string {
  const cniVersion = typeof requested === "string" ? requested : NEWEST_VERSION;
  return JSON.stringify({ cniVersion, supportedVersions: SUPPORTED_VERSIONS }) + "\n";
}
