/**
 * Writes schemas of zod as JSON Schema. It knows the kinds that this program uses; zod's own
 * conversion, which knows all, is as large as all other commands together.
 *
 * @module
 */

import { type core, globalRegistry } from "zod/mini";

/** A JSON Schema, draft 2020-12. */
export interface JsonSchema {
  [keyword: string]: unknown;
  type?: string | string[];
  description?: string;
  enum?: readonly unknown[];
  properties?: Record<string, JsonSchema>;
  items?: JsonSchema;
}

/**
 * Converts a schema. Members that it does not name are allowed, as CNI has it, unless it is strict.
 *
 * @returns The same in JSON Schema.
 * @throws {TypeError} It uses a kind of schema that is not known here.
 */
export function toJsonSchema(schema: core.$ZodType): JsonSchema {
  const description = globalRegistry.get(schema)?.description;
  return { ...convert(schema as core.$ZodTypes), ...description ? { description } : {} };
}

function convert(schema: core.$ZodTypes): JsonSchema {
  const { def } = schema._zod;
  switch (def.type) {
    case "optional":
      return toJsonSchema(def.innerType);
    case "nullable": {
      const { type, enum: values, ...schema } = toJsonSchema(def.innerType);
      const allowed = values ? { enum: [...values, null] } : {};
      return { type: [type as string, "null"], ...allowed, ...schema };
    }
    case "string":
      return { type: "string", ...least("minLength", def.checks) };
    case "number":
      return { type: "integer", ...bounds(def.checks) };
    case "enum":
      return { type: "string", enum: Object.values(def.entries) };
    case "boolean":
      return { type: "boolean" };
    case "array":
      return { type: "array", ...least("minItems", def.checks), items: toJsonSchema(def.element) };
    case "object":
      return { ...convertObject(def.shape), ...(def.catchall && { additionalProperties: false }) };
    case "union":
      return { anyOf: def.options.map(toJsonSchema) };
    default:
      throw new TypeError(`no JSON Schema is known for the type ${def.type}`);
  }
}

function convertObject(shape: core.$ZodShape): JsonSchema {
  const members = Object.entries(shape);
  const required = members.filter(([, { _zod }]) => _zod.optin !== "optional");
  return {
    type: "object",
    required: required.map(([name]) => name),
    properties: Object.fromEntries(members.map(([name, schema]) => [name, toJsonSchema(schema)])),
  };
}

/** The least and the greatest number that checks of the schema allow. */
function bounds(checks: readonly core.$ZodCheck[] = []): JsonSchema {
  const demands = checks.map(({ _zod }) =>
    _zod.def as core.$ZodCheckLessThanDef | core.$ZodCheckGreaterThanDef
  );
  const bound = (check: string) => demands.find((demand) => demand.check === check)?.value;
  return { minimum: bound("greater_than"), maximum: bound("less_than") };
}

/** The least length that a check of the schema demands. */
function least(keyword: string, checks: readonly core.$ZodCheck[] = []): JsonSchema {
  const demands = checks.map(({ _zod }) => _zod.def as core.$ZodCheckMinLengthDef);
  const demand = demands.find(({ check }) => check === "min_length");
  return demand ? { [keyword]: demand.minimum } : {};
}
