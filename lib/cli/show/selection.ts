/**
 * The mirrors that were asked for.
 *
 * @module
 */

import { quote } from "../../input/shape.ts";
import type { Tables } from "../../ovsdb/monitor.ts";
import { CommandError, EXIT } from "../errors.ts";
import type { Mirror } from "../../observe/model.ts";
import type { Selection } from "./request.ts";

/**
 * Picks mirrors.
 *
 * @param mirrors All mirrors.
 * @param selection Which of them.
 * @returns Those, in the same order.
 */
export function selectMirrors<M extends Mirror>(
  mirrors: readonly M[],
  { bridges, mirrors: names, pods }: Selection,
): M[] {
  return mirrors.filter((mirror) =>
    (bridges.length === 0 || bridges.includes(mirror.bridge)) &&
    (names.length === 0 || names.includes(mirror.name)) &&
    (pods.length === 0 || podsOf(mirror).some((pod) => pods.includes(pod)))
  );
}

/** The pods of a mirror's ports, as far as they are known. */
function podsOf({ sources, rows }: Mirror): string[] {
  const outputs = rows.flatMap(({ output }) => output?.kind === "port" ? output : []);
  return [...sources, ...outputs]
    .flatMap(({ pod }) => pod ?? []);
}

/**
 * Makes sure that what was asked for by name is there.
 *
 * @param selection What was asked for.
 * @param found The mirrors found.
 * @throws {CommandError} It is not.
 */
export function demandFound(
  tables: Tables,
  { bridges, mirrors, pods }: Selection,
  found: readonly Mirror[],
): void {
  const present = Array.from(tables.get("Bridge")?.values() ?? [], ({ name }) => name);
  const where = bridges.length === 0
    ? "this switch"
    : `bridge ${bridges.map((name) => quote(name)).join(" or ")}`;
  demand(
    bridges,
    (name) => present.includes(name),
    (name) => `there is no bridge ${name} on this switch`,
  );
  demand(
    mirrors,
    (name) => pods.length > 0 || found.some((mirror) => mirror.name === name),
    (name) => `there is no mirror ${name} on ${where}`,
  );
  const seen = new Set(found.flatMap(podsOf));
  demand(
    pods,
    (name) => seen.has(name),
    (name) => `no mirror on ${where} has a port of pod ${name} that is on record`,
  );
}

function demand(
  names: readonly string[],
  isThere: (name: string) => boolean,
  complaint: (name: string) => string,
): void {
  const missing = names.find((name) => !isThere(name));
  if (missing !== undefined) throw new CommandError(complaint(quote(missing)), EXIT.problem);
}
