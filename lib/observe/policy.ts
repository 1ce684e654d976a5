/**
 * Existing attachments that the node's policy would refuse now: it may have changed since.
 *
 * @module
 */

import { Refusal } from "../mirror/refusal.ts";
import type { Endpoint } from "../ovsdb/endpoint.ts";
import { loadPolicy } from "../plugin/policy.ts";
import { judge, type RequestedMirror } from "../policy/decision.ts";
import { DEFAULT_POLICY } from "../policy/place.ts";
import type { Policy } from "../policy/policy.ts";
import type { Mirror, MirrorRow } from "./model.ts";
import type { Port } from "./port.ts";

/** A policy, or why it can't be used, so that nothing is attached. */
export type NodePolicy = Policy | Refusal;

/**
 * Reads the policy of this node.
 *
 * @param endpoint The database; of another host's the policy is not here.
 * @returns The policy; nothing if there is none.
 */
export async function policyOf({ transport }: Endpoint): Promise<NodePolicy | undefined> {
  if (transport !== "unix") return undefined;
  try {
    return await loadPolicy(Deno.env.get("OVS_MIRROR_POLICY") || DEFAULT_POLICY);
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

/**
 * Marks the ports of pods that a policy would refuse now. Databases are left out, as their names
 * here are those of whoever asks; `shared` can't be seen, so a mirror with several outputs counts.
 *
 * @param policy The policy, if there is one.
 * @returns The mirrors, with what was found.
 */
export function markRefused(mirrors: readonly Mirror[], policy?: NodePolicy): readonly Mirror[] {
  if (!policy) return mirrors;
  return mirrors.map((mirror) => {
    const { name, rows } = mirror;
    const remote = rows.flatMap(({ output }) => remoteOf(output))[0];
    const ask = <Known extends Port>(role: "producer" | "consumer", port: Known, asked: object) =>
      marked(port, policy, { role, bridge: mirror.bridge, mirrors: [{ name, ...asked }] });
    return {
      ...mirror,
      sources: mirror.sources.map((source) => ask("producer", source, { remote })),
      rows: rows.map((row) =>
        row.output?.kind === "port"
          ? { ...row, output: ask("consumer", row.output, wantedBy(row, rows.length > 1)) }
          : row
      ),
    };
  });
}

function wantedBy({ allPorts: all, vlans }: MirrorRow, shared: boolean): Partial<RequestedMirror> {
  return { all, shared, ...vlans.length > 0 && { vlans } };
}

/** Whose port it is, is known of those alone that are marked or on record. */
function marked<Known extends Port>(
  port: Known,
  policy: NodePolicy,
  request: Omit<Parameters<typeof judge>[1], "namespace">,
): Known {
  if (port.tunnel || (port.pod === undefined && port.netns === undefined)) return port;
  const namespace = port.pod?.split("/")[0];
  const why = policy instanceof Refusal
    ? policy.message
    : judge(policy, { ...request, namespace })?.why;
  return why === undefined ? port : { ...port, refused: why };
}

/** The address in `erspan:192.0.2.10,key=7`. */
function remoteOf(output: MirrorRow["output"]): { address: string }[] {
  if (output?.kind !== "port" || !output.tunnel) return [];
  const [, address = ""] = /^\w+:([^,]*)/.exec(output.tunnel.remote) ?? [];
  return [{ address }];
}
