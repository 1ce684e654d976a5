/**
 * Findings, and their places in files.
 *
 * @module
 */

import type { SyntaxFault } from "./syntax_fault.ts";

/** The severity: an error makes a pod fail, a warning is worth a look. */
export type Level = "error" | "warning";

/** A line of a file. */
export interface Place {
  /** The file's name as it was given. */
  file: string;
  /** The line, counted from 1. */
  line: number;
}

/** Something that is wrong at a place. */
export interface Problem extends Place {
  /** The severity. */
  level: Level;
  /** The problem, for a person. */
  message: string;
  /** The way to mend it. */
  hint: string;
}

/** A problem, and the rule that says so. */
export interface Finding extends Problem {
  /** The rule's name. */
  rule: string;
}

/** Makes a problem that makes a pod fail. */
export function error({ file, line }: Place, message: string, hint: string): Problem {
  return { file, line, level: "error", message, hint };
}

/** Makes a problem that is worth a look. */
export function warning({ file, line }: Place, message: string, hint: string): Problem {
  return { file, line, level: "warning", message, hint };
}

/** Makes a finding of a text that can't be read. */
export function syntaxFinding(file: string, rule: "yaml" | "json", fault: SyntaxFault): Finding {
  return { ...error({ file, line: fault.line }, fault.message, fault.hint), rule };
}
