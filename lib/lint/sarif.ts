/**
 * Writes what was found as SARIF, which services that scan code take.
 *
 * Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 *
 * @module
 */

import { VERSION } from "../version.ts";
import type { LintReport } from "./check.ts";
import type { Finding } from "./finding.ts";

/** Writes a report as SARIF. */
export function formatSarif({ findings }: LintReport): string {
  const rules = [...new Set(findings.map(({ rule }) => rule))].sort().map((id) => ({ id }));
  const log = {
    version: "2.1.0",
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    runs: [{
      tool: { driver: { name: "ovs-mirror lint", version: VERSION, rules } },
      results: findings.map(resultOf),
    }],
  };
  return JSON.stringify(log, undefined, 2) + "\n";
}

function resultOf({ file, line, level, rule, message, hint }: Finding) {
  const artifactLocation = { uri: uriOf(file) };
  return {
    ruleId: rule,
    level,
    message: { text: `${message}\n${hint}` },
    locations: [{ physicalLocation: { artifactLocation, region: { startLine: line } } }],
  };
}

/** A path is relative to what was checked out, unless it is absolute. */
function uriOf(file: string): string {
  const path = file.replace(/^(?:\.\/)+/, "").split("/").map(encodeURIComponent).join("/");
  return file.startsWith("/") ? `file://${path}` : path;
}
