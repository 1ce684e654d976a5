/**
 * A mirror's output only receives copies: an address on it is useless.
 *
 * @module
 */

import { quote } from "../../text/text.ts";
import { type Problem, warning } from "../finding.ts";
import { portMaker } from "../network.ts";
import type { MirrorPlugin, Request } from "../project.ts";
import { lineOf, member, stringAt } from "../tree.ts";
import type { Rule } from "./rule.ts";

/** Nobody gives an address to the port of a consumer, and nobody asks for one. */
export const address: Rule = {
  name: "address",
  checkDocument: ({ mirrorPlugins }) => mirrorPlugins.flatMap(leased),
  checkAll: ({ requests }) => requests.flatMap(requested),
};

function leased(plugin: MirrorPlugin): Problem[] {
  const table = plugin.role.name === "consumer" ? portMaker(plugin)?.table : undefined;
  if (!table || !stringAt(table, "ipam", "type")) return [];
  const place = { file: plugin.file, line: lineOf(table, ["ipam"]) };
  return [warning(place, "ovs gives the port of a consumer an address", COPIES_ONLY)];
}

function requested({ selection: { file, table }, network: { plugins } }: Request): Problem[] {
  const asked = member(table, "ips") ?? member(table, "default-route");
  if (!asked || !plugins.some(({ role }) => role?.name === "consumer")) return [];
  const message = `a pod asks for ${quote(asked.key)} on the port of a consumer`;
  return [warning({ file, line: asked.line }, message, COPIES_ONLY)];
}

const COPIES_ONLY = "the port gets copies of packets, no others: talk over another network";
