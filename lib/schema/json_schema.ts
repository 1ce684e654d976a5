/**
 * The JSON Schemas of the plugins' configurations, and of the policy.
 *
 * @module
 */

import { SUPPORTED_VERSIONS } from "../cni/version.ts";
import { SCHEMAS } from "./explain.ts";
import { OPTIONS_OF_REMOTE } from "../mirror/config/option_members.ts";
import { CONSUMER_MEMBERS } from "../mirror/config/options.ts";
import type { Role } from "../mirror/role.ts";
import { VERSION } from "../version.ts";
import { type JsonSchema, toJsonSchema } from "./convert.ts";

/** Members that every plugin's configuration has; of a list, the list has the first two. */
const COMMON = {
  cniVersion: {
    enum: SUPPORTED_VERSIONS,
    description: "Version of the CNI specification",
  },
  name: {
    type: "string",
    pattern: "^[A-Za-z0-9][A-Za-z0-9_.-]*$",
    description: "Name of the network",
  },
};

/** Rules for a mirror that the schema of types does not have. */
const REFINED: Readonly<Record<Role["name"], (mirror: JsonSchema) => JsonSchema>> = {
  producer: ({ properties, ...mirror }) => ({
    ...mirror,
    properties: ofProducer(properties!),
    anyOf: DIRECTIONS.map((name) => has(name, { const: true })),
    not: { anyOf: CONSUMER_MEMBERS.map(unsuited) },
  }),
  consumer: ({ properties: { remote: _, ...properties } = {}, ...mirror }) => ({
    ...mirror,
    not: has("remote", { not: { type: "null" } }),
    properties: {
      ...properties,
      vlans: { ...properties.vlans, uniqueItems: true },
      ...Object.fromEntries(DIRECTIONS.map((name) => [name, WITHOUT_EFFECT])),
    },
  }),
};

const DIRECTIONS = ["ingress", "egress"];

/** A mirror with a member. */
function has(name: string, value: JsonSchema): JsonSchema {
  return { required: [name], properties: { [name]: value } };
}

/** A mirror with a member that is a consumer's, or goes with "remote" only. */
function unsuited(name: string): JsonSchema {
  const isThere = has(name, { not: { type: "null" } });
  return OPTIONS_OF_REMOTE.includes(name)
    ? { ...isThere, not: has("remote", { type: "object" }) }
    : isThere;
}

/** Members of a producer's mirror. */
function ofProducer(properties: Record<string, JsonSchema>): Record<string, JsonSchema> {
  const names: readonly string[] = CONSUMER_MEMBERS.filter((name) =>
    !OPTIONS_OF_REMOTE.includes(name)
  );
  return Object.fromEntries(Object.entries(properties).filter(([name]) => !names.includes(name)));
}

const WITHOUT_EFFECT: JsonSchema = {
  type: ["boolean", "null"],
  description: "Without effect: the directions are the producers' choice",
};

/**
 * Describes a plugin's configuration.
 *
 * @param role The plugin's role.
 * @returns The schema of what stands in a network configuration, or in the `plugins` of a list.
 */
export function configurationSchema({ name, plugin }: Pick<Role, "name" | "plugin">): JsonSchema {
  const { properties, ...schema } = toJsonSchema(SCHEMAS.configuration);
  const mirrors = properties!.mirrors!;
  return {
    ...heading(name),
    title: `Configuration of ${plugin}`,
    description: "A plugin of a CNI network configuration list, or a network configuration",
    ...schema,
    required: ["type", ...schema.required as string[]],
    properties: {
      ...COMMON,
      type: { const: plugin, description: "The plugin's executable" },
      ...properties,
      mirrors: { ...mirrors, items: REFINED[name](mirrors.items!) },
    },
  };
}

/** Describes the policy of a node's administrator. */
export function policySchema(): JsonSchema {
  return {
    ...heading("policy"),
    title: "Policy of a node",
    description: "What the mirror plugins may attach on a node; what is absent allows all",
    ...toJsonSchema(SCHEMAS.policy),
  };
}

function heading(name: string): JsonSchema {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: `https://jsr.io/@ovs-mirror/cni/${VERSION}/docs/schema/${name}.json`,
  };
}
