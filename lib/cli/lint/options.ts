/**
 * The options of `lint`.
 *
 * @module
 */

import type { Option } from "../options.ts";

/** The output formats. */
export const FORMATS = ["text", "json", "github", "sarif"] as const;

/** The options, for the command line, its completion and help. */
export const OPTIONS = [
  {
    name: "format",
    value: "FORMAT",
    choices: FORMATS,
    default: FORMATS[0],
    text: "how to print what is found",
  },
  {
    name: "policy",
    value: "FILE",
    text: "tell what this policy of a node refuses; alone, check the policy",
  },
  { name: "strict", text: "let warnings fail too" },
] as const satisfies readonly Option[];
