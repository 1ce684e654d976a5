/**
 * `schema`: prints the JSON Schema of a plugin's configuration.
 *
 * @module
 */

import { EXIT } from "../errors.ts";
import { parseOperand } from "../options.ts";
import type { Command } from "../terminal.ts";
import { configurationSchema, ROLES } from "./schema.ts";

/** Prints the schema of the role that is named. */
export const run: Command = (args, terminal) => {
  const role = parseOperand("role", args, ["producer", "consumer"]);
  terminal.write(JSON.stringify(configurationSchema(ROLES[role]), null, 2) + "\n");
  return Promise.resolve(EXIT.success);
};
