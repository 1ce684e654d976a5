/**
 * All that a plugin may change: rows of the database and files of the cache.
 *
 * @module
 */

import { join } from "@std/path";
import { ConnectionError } from "../../../lib/ovsdb/error.ts";
import type { Ovsdb } from "../ovs/ovsdb.ts";

const TABLES = ["Open_vSwitch", "Bridge", "Port", "Interface", "Mirror"];

/** Something in the cache directory: how `ls` would call it, and what is in it. */
export interface CacheFile {
  name: string;
  mode: string;
  content?: string;
}

/**
 * Reads everything, to be compared. Rows come with their `_version`, so a change that was undone
 * again shows too.
 *
 * @param cache The cache directory.
 * @returns Rows, none while the server does not run, and files.
 */
export async function readState(db: Ovsdb, cache: string): Promise<unknown> {
  return { tables: await readTables(db), files: readCache(cache) };
}

async function readTables(db: Ovsdb): Promise<string[][] | undefined> {
  try {
    return await Promise.all(TABLES.map((table) => sortedRows(db, table)));
  } catch (error) {
    if (error instanceof ConnectionError) return undefined;
    throw error;
  }
}

async function sortedRows(db: Ovsdb, table: string): Promise<string[]> {
  return (await db.rows(table)).map((row) => JSON.stringify(row)).sort();
}

/**
 * Reads a directory of the cache.
 *
 * @returns What is in it, by name; empty if it is not there.
 */
export function readCache(directory: string): CacheFile[] {
  return list(directory).sort((a, b) => a.name < b.name ? -1 : 1).map(({ name, isFile }) => {
    const path = join(directory, name);
    const mode = Deno.lstatSync(path).mode!.toString(8);
    return { name, mode, content: isFile ? Deno.readTextFileSync(path) : undefined };
  });
}

function list(directory: string): Deno.DirEntry[] {
  try {
    return Array.from(Deno.readDirSync(directory));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}
