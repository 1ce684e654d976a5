/**
 * A network's `cniVersion` and name, by the plugins' own checks.
 *
 * @module
 */

import { CniError } from "../../cni/error.ts";
import { parseConfiguration } from "../../cni/request.ts";
import type { Members } from "../../input/shape.ts";
import { error, type Problem } from "../finding.ts";
import type { Network } from "../network.ts";
import { lineOf, member, plain } from "../tree.ts";

/** The value of a member of a network's configuration. */
export function memberOf({ config }: Network, key: string): unknown {
  const found = member(config, key);
  return found && plain(found.value);
}

/** The problem of a configuration with these members, at the line of one of them. */
export function protocolProblems(
  { file, config }: Network,
  key: string,
  members: Members,
): Problem[] {
  try {
    parseConfiguration("ADD", { ...members, prevResult: {} });
    return [];
  } catch (problem) {
    if (!(problem instanceof CniError)) throw problem;
    const place = { file, line: lineOf(config!, [key]) };
    return [error(place, problem.message, problem.details ?? "")];
  }
}
