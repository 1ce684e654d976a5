/**
 * The database that a command asks.
 *
 * @module
 */

import { FileError } from "../input/files.ts";
import { quote, ShapeError } from "../input/shape.ts";
import { DEFAULT_SOCKET } from "../mirror/config/config.ts";
import { Refusal } from "../mirror/refusal.ts";
import { type Endpoint, parseEndpoint } from "../ovsdb/endpoint.ts";
import { loadDefaults } from "../plugin/configuration.ts";
import { CommandError, EXIT } from "./errors.ts";

/** The variable that names a database. */
const VARIABLE = "OVS_MIRROR_SOCKET";

/**
 * Finds the database: the one that the command line names, else the environment, else the node's
 * configuration file for the plugins, else the usual one.
 *
 * @param given The value of `--socket`.
 * @returns Where it is.
 * @throws {CommandError} What names it is no address, or the file can't be read.
 */
export async function findDatabase(given?: string): Promise<Endpoint> {
  if (given !== undefined) return read("option --socket", given);
  const named = Deno.env.get(VARIABLE);
  if (named) return read(VARIABLE, named);
  const { socket_file: configured } = await loadDefaults("").catch((error) => {
    if (!(error instanceof FileError || error instanceof ShapeError || error instanceof Refusal)) {
      throw error;
    }
    throw new CommandError(`${error.message}; or name the database by --socket`, EXIT.failure);
  });
  return read('"socket_file" of the configuration file', configured || DEFAULT_SOCKET);
}

function read(what: string, address: string): Endpoint {
  try {
    return parseEndpoint(address);
  } catch (error) {
    throw new CommandError(`${what} can't be ${quote(address)}; ${(error as Error).message}`);
  }
}
