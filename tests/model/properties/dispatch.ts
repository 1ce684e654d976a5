/**
 * Properties of a whole call, without files and database.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import * as fc from "fast-check";
import { parseValidAttachments } from "../../../lib/cni/gc.ts";
import { formatResult } from "../../../lib/cni/result.ts";
import { dispatch, type Handler } from "../../../lib/cni/skel.ts";
import { isSupported } from "../../../lib/cni/version.ts";
import { explain } from "../../../lib/schema/explain.ts";
import { toCniError } from "../../../lib/plugin/failure.ts";
import { parseMembers, resolveConfiguration } from "../../../lib/mirror/config/config.ts";
import { consumer, producer, type Role } from "../../../lib/mirror/role.ts";
import type { Property } from "../property.ts";
import { standardInput, variables } from "../requests.ts";

/** Codes for what is wrong with environment, standard input or configuration. */
const CODES = [1, 4, 6, 7];

const ROLES = { producer, consumer };

/** More than all that a message quotes together. */
const MAX_OUTPUT = 1500;

/** A plugin's handling of a request before it looks at files and database. */
function pureHandler(role: Role): Handler {
  return ({ command, configuration: { cniVersion, prevResult, members } }) => {
    try {
      parseValidAttachments(members);
      resolveConfiguration(role, parseMembers(members), {});
      const output = command === "ADD" ? formatResult(prevResult!, cniVersion) : "";
      return Promise.resolve(output);
    } catch (error) {
      return Promise.reject(toCniError(error, command));
    }
  };
}

/** The properties. */
export const dispatchProperties: readonly Property[] = [
  {
    name: "dispatch() ends any call in a result or in a CNI error that quotes little of the input",
    property: fc.asyncProperty(
      variables,
      standardInput,
      fc.constantFrom("producer" as const, "consumer" as const),
      async (values, bytes, role) => {
        const call = {
          variables: (name: string) => values[name],
          input: () => Promise.resolve(bytes),
        };
        const { output, exitCode } = await dispatch(
          call,
          pureHandler(ROLES[role]),
          true,
          (error) => Promise.resolve({ message: explain(error), hint: "correct it" }),
        );
        if (exitCode === 0) return assertMatch(output, /^(\{[^\n]*\}\n)?$/);
        assertEquals(exitCode, 1);
        assertErrorObject(output);
        for (const long of longTexts(values, bytes)) assert(!output.includes(long), long);
      },
    ),
  },
];

function assertErrorObject(output: string): void {
  assertMatch(output, /^\{[^\n]*\}\n$/);
  const { cniVersion, code, msg, details, ...others } = JSON.parse(output);
  assert(isSupported(cniVersion));
  assert(CODES.includes(code), `code ${code}: ${msg}`);
  assert([msg, details].every((text) => typeof text === "string" && text !== ""));
  assertEquals(others, {});
  assert(output.length < MAX_OUTPUT, "the error is long");
  assert(!/ at .*:\d+:\d+|Error:/.test(output), "the error has a stack trace");
}

/** Long texts of the input, as they would look in JSON. */
function longTexts(values: Record<string, string | undefined>, bytes: Uint8Array): string[] {
  const input = new TextDecoder().decode(bytes).match(/"(?:[^"\\]|\\.){61,}"/g) ?? [];
  const variables = Object.values(values).map((value) => JSON.stringify(value ?? ""));
  return [...input, ...variables].map((text) => text.slice(1, -1)).filter((text) =>
    text.length > 60 && text !== "cni.dev/valid-attachments"
  );
}
