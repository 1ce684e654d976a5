/**
 * `schema`: prints the JSON Schema of a plugin's configuration.
 *
 * @module
 */

import { EXIT } from "../errors.ts";
import { parseOperand } from "../options.ts";
import type { Command } from "../terminal.ts";
import { configurationSchema } from "../../schema/json_schema.ts";

/** Prints the schema of the role that is named. */
export const run: Command = (args, terminal) => {
  const name = parseOperand("role", args, ["producer", "consumer"]);
  const schema = configurationSchema({ name, plugin: `ovs-mirror-${name}` });
  terminal.write(JSON.stringify(schema, null, 2) + "\n");
  return Promise.resolve(EXIT.success);
};
