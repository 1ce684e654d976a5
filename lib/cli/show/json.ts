/**
 * Mirrors for programs.
 *
 * @module
 */

import { printableLines } from "../../text/text.ts";
import type { Report } from "../../observe/report.ts";

/**
 * Writes a report as JSON, with all that is known.
 *
 * @param report The mirrors and their switch.
 * @returns An object with the members of {@linkcode Report}; what is not known is absent.
 */
export function formatJson({ node, switch: state, mirrors }: Report): string {
  // JSON escapes what would break it, but not all that could harm a terminal.
  return printableLines(JSON.stringify({ node, switch: state, mirrors }, null, 2)) + "\n";
}
