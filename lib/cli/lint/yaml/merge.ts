/**
 * The merge key: `<<: *name` puts the members of another table into a table.
 *
 * Source: https://yaml.org/type/merge.html
 *
 * @module
 */

import type { Member, Tree } from "../tree.ts";
import type { Reader } from "./reader.ts";

/**
 * Puts in the members of other tables. Those that a table has itself, and those of an earlier
 * table, count.
 *
 * @param reader Counts the values.
 * @param members The members of the table.
 * @returns The members without merge keys.
 * @throws {SyntaxFault} A merge key has a value that is no table.
 */
export function mergeMembers(reader: Reader, members: Member[]): Member[] {
  const sources = members.filter(({ key }) => key === "<<").map(({ value }) => value);
  if (sources.length === 0) return members;
  const own = members.filter(({ key }) => key !== "<<");
  const known = new Set(own.map(({ key }) => key));
  const merged: Member[] = [];
  for (const source of sources.flatMap((tree) => tree.kind === "list" ? tree.items : [tree])) {
    for (const member of membersOf(reader, source)) {
      if (known.has(member.key)) continue;
      known.add(member.key);
      merged.push(member);
    }
  }
  return [...merged, ...own];
}

function membersOf(reader: Reader, tree: Tree): Member[] {
  if (tree.kind !== "table") {
    throw reader.fault(
      "<< merges something that is no table",
      "use an alias of a table",
      tree.line,
    );
  }
  reader.count(tree.members.length);
  return tree.members;
}
