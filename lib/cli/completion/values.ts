/**
 * Values that the scripts complete: names that the switch at hand has.
 *
 * @module
 */

import { Client } from "../../ovsdb/client.ts";
import { selectedRows } from "../../ovsdb/result.ts";
import { findDatabase } from "../database.ts";
import { DATABASE } from "../../observe/tables.ts";
import { PodRecords } from "../../observe/pods.ts";
import { recordsDirectory } from "../../observe/report.ts";

/** Milliseconds for which a person waits after the Tab key. */
const TIMEOUT = 1_000;

/** Names that no shell takes for anything else; others have to be typed. */
const PLAIN = /^[\w.:@%+/-]+$/;

/** Options whose values are looked up, to the tables that have them. */
const TABLES: Readonly<Record<string, string>> = {
  bridge: "Bridge",
  mirror: "Mirror",
  port: "Port",
};

/**
 * Finds the values of an option.
 *
 * @param option The option's name, without dashes.
 * @param words The words of the command line so far, which may name a socket.
 * @returns The values, sorted; none if the switch can't be asked.
 */
export async function findValues(option: string, words: readonly string[]): Promise<string[]> {
  const found = option === "pod"
    ? new PodRecords(recordsDirectory()).names()
    : await namesOf(TABLES[option], words).catch(() => []);
  return Array.from(new Set(found)).filter((name) => PLAIN.test(name)).sort();
}

async function namesOf(table: string | undefined, words: readonly string[]): Promise<string[]> {
  if (table === undefined) return [];
  using client = await Client.connect(await findDatabase(socketIn(words)), {
    signal: AbortSignal.timeout(TIMEOUT),
  });
  const [answer] = await client.transact(DATABASE, [
    { op: "select", table, where: [], columns: ["name"] },
  ]);
  return selectedRows(answer).map(({ name }) => String(name));
}

/** In bash, an equals sign may be a word of its own. */
function socketIn(words: readonly string[]): string | undefined {
  const [, socket] = /(?:^|\n)--socket[\n=]+([^\n]+)/.exec(words.join("\n")) ?? [];
  return socket;
}
