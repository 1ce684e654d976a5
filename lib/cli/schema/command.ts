/**
 * `schema`: prints the JSON Schema of a plugin's configuration, or of a policy.
 *
 * @module
 */

import { EXIT } from "../errors.ts";
import { parseOperand } from "../options.ts";
import type { Command } from "../terminal.ts";
import { configurationSchema, policySchema } from "../../schema/json_schema.ts";

/** Prints the schema of what is named. */
export const run: Command = (args, terminal) => {
  const name = parseOperand("schema", args, ["producer", "consumer", "policy"]);
  const schema = name === "policy"
    ? policySchema()
    : configurationSchema({ name, plugin: `ovs-mirror-${name}` });
  terminal.write(JSON.stringify(schema, null, 2) + "\n");
  return Promise.resolve(EXIT.success);
};
