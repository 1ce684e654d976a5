/**
 * Assertions about a plugin's output.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { PluginOutcome } from "./plugin.ts";

/** An error as the CNI specification has it. */
export interface CniErrorObject {
  cniVersion: string;
  code: number;
  msg: string;
  details: string;
}

/**
 * Makes sure that a call succeeded, and said nothing but its result.
 *
 * @param outcome What the plugin left.
 * @returns The result; nothing if the plugin printed none.
 */
export function assertSuccess(outcome: PluginOutcome): Record<string, unknown> | undefined {
  const { code, stdout, stderr, json } = outcome;
  assertEquals([code, stderr], [0, ""], stdout);
  assertEquals(json === undefined, stdout === "", stdout);
  return json;
}

/**
 * Makes sure that a call failed as the CNI specification demands: one error object on standard
 * output, exit status 1, nothing else, no trace of the program's inside.
 *
 * @param outcome What the plugin left.
 * @param code The error's code.
 * @param words What message or details have to say.
 */
export function assertFailure(
  outcome: PluginOutcome,
  code: number,
  ...words: string[]
): CniErrorObject {
  const { stdout, stderr, json } = outcome;
  assertEquals([outcome.code, stderr, json?.code], [1, "", code], stdout);
  assertEquals(Object.keys(json!), ["cniVersion", "code", "msg", "details"]);
  const error = json as unknown as CniErrorObject;
  for (const text of [error.msg, error.details]) assert(text.length > 0 && !text.endsWith("."));
  assertEquals(stdout.trimEnd().includes("\n"), false, "more than one line");
  assert(!/\w\.[jt]s:\d+|\bundefined\b|\[object /.test(stdout), stdout);
  for (const word of words) assertStringIncludes(`${error.msg}\n${error.details}`, word);
  return error;
}
