/**
 * Mirrors for programs.
 *
 * @module
 */

import { printableLines } from "../text.ts";
import type { JudgedMirror } from "./verdict.ts";

/**
 * Writes mirrors as JSON, with all that is known of them.
 *
 * @param mirrors The mirrors.
 * @returns An object with the member `mirrors`; its members are those of {@linkcode JudgedMirror},
 * absent where nothing is known.
 */
export function formatJson(mirrors: readonly JudgedMirror[]): string {
  // JSON escapes what would break it, but not all that could harm a terminal.
  return printableLines(JSON.stringify({ mirrors }, null, 2)) + "\n";
}
