/**
 * Reads the administrator's policy, from a file that nobody else can write, and checks calls
 * against it. Loaded only if there is one.
 *
 * @module
 */

import type { Attachment } from "../cni/environment.ts";
import { FileError, MAX_FILE_BYTES, parse } from "../input/files.ts";
import { ShapeError } from "../input/shape.ts";
import { readTrusted } from "../input/trusted.ts";
import type { MirrorMembers } from "../mirror/config/config.ts";
import { Refusal } from "../mirror/refusal.ts";
import type { Role } from "../mirror/role.ts";
import { formatEndpoint } from "../ovsdb/endpoint.ts";
import { judge } from "../policy/decision.ts";
import { isPolicy, type Policy } from "../policy/policy.ts";
import type { Ask } from "./configuration.ts";

/**
 * Reads the policy for a call.
 *
 * @param path Where it is.
 * @param role What the call makes of its port.
 * @param attachment What the runtime says of it.
 * @returns A function that checks a configuration against the policy; nothing if there is none.
 * @throws {Refusal} It can't be used.
 */
export async function asking(
  path: string,
  { name: role }: Role,
  { namespace = "" }: Attachment,
): Promise<Ask | undefined> {
  const policy = await loadPolicy(path);
  return policy && ((own, whole) => {
    const denial = judge(policy, {
      role,
      namespace,
      configurationPath: own.configuration_path,
      database: whole ? formatEndpoint(whole.endpoint) : own.socket_file,
      bridge: whole?.bridge ?? own.bridge,
      mirrors: own.mirrors.map((mirror) => ({ ...mirror, remote: asText(mirror.remote) })),
    });
    if (!denial) return;
    const message = `the policy ${path} does not allow this: ${denial.why}`;
    throw new Refusal(
      "refused by policy",
      message,
      `ask the node's administrator for ${denial.ask}`,
    );
  });
}

/** An address that is not a string is refused later, and is in no network until then. */
function asText(remote: MirrorMembers["remote"]): { address: string } | undefined {
  if (!remote) return undefined;
  return { address: typeof remote.address === "string" ? remote.address : "" };
}

/**
 * Reads a node's policy.
 *
 * @param path Where it is.
 * @returns The policy; nothing if there is none.
 * @throws {Refusal} It can't be used.
 */
export async function loadPolicy(path: string): Promise<Policy | undefined> {
  try {
    const content = await readTrusted(path, { maxBytes: MAX_FILE_BYTES });
    return content && parsePolicy(path, content);
  } catch (error) {
    if (error instanceof ShapeError) {
      const { explain } = await import("../schema/explain.ts");
      throw new Refusal("refused by policy", explain(error), CORRECT);
    }
    if (!(error instanceof FileError)) throw error;
    throw new Refusal("refused by policy", `the policy can't be used: ${error.message}`, CORRECT);
  }
}

const CORRECT = "let the node's administrator correct it; until then nothing is attached";

/**
 * Reads the content of a policy.
 *
 * @param path The file's path, for messages.
 * @param content Its bytes.
 * @returns The policy.
 * @throws {FileError} It is not JSON, or has a member twice.
 * @throws {ShapeError} It is not a policy.
 */
export function parsePolicy(path: string, content: Uint8Array): Policy {
  const value = parse(path, content);
  if (!isPolicy(value)) throw new ShapeError("policy", value, `the policy ${path}`);
  // Of a duplicate member, the parser keeps only one. So if the text written again has fewer
  // colons, there was a duplicate.
  if (colonsIn(new TextDecoder().decode(content)) !== colonsIn(JSON.stringify(value))) {
    throw new FileError(`${path} has a member twice, or a colon in the form of an escape`);
  }
  return value;
}

function colonsIn(text: string): number {
  return text.split(":").length;
}
