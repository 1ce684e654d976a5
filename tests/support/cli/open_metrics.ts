/**
 * The parsers of Prometheus' own client library, of its text format and of OpenMetrics; the latter
 * takes nothing that is not valid.
 *
 * @module
 */

import type { MetricsFormat } from "../../../lib/observe/prometheus.ts";
import { run } from "../run/process.ts";

/** The system's Python, which Debian's package is for. */
const PYTHON = "/usr/bin/python3";

const PACKAGE = "python3-prometheus-client";

/** Prints each family with its type, help, unit and samples as JSON. */
const PARSE = `
import json, sys
if sys.argv[1] == "openmetrics":
  from prometheus_client.openmetrics.parser import text_string_to_metric_families
else:
  from prometheus_client.parser import text_string_to_metric_families
families = text_string_to_metric_families(sys.stdin.read())
print(json.dumps([
  {"name": f.name, "type": f.type, "help": f.documentation, "unit": f.unit,
   "samples": [{"name": s.name, "labels": s.labels, "value": s.value} for s in f.samples]}
  for f in families]))
`;

/** A family of metrics. */
export interface Family {
  name: string;
  type: string;
  help: string;
  unit: string;
  samples: { name: string; labels: Record<string, string>; value: number }[];
}

/**
 * Tells whether the parser is missing, and says so.
 *
 * @returns Whether tests have to be left out.
 * @throws {Error} It is missing in CI, which must leave nothing out.
 */
export async function lacksParser(): Promise<boolean> {
  const args = ["-c", "import prometheus_client.openmetrics.parser"];
  const { code } = await run(PYTHON, { args }).catch(() => ({ code: 1 }));
  if (code === 0) return false;
  if (Deno.env.get("CI") === "true") throw new Error(`${PACKAGE} is missing`);
  console.warn(`tests left out, ${PACKAGE} missing: apt-get install ${PACKAGE}`);
  return true;
}

/**
 * Parses metrics.
 *
 * @returns Its families; in Prometheus' own format counters have names without `_total` here too.
 * @throws {Error} It is not valid; the message has why.
 */
export async function parseMetrics(text: string, format: MetricsFormat): Promise<Family[]> {
  const { code, stdout, stderr } = await run(PYTHON, {
    args: ["-c", PARSE, format],
    stdin: text,
  });
  if (code !== 0) throw new Error(`not in format ${format}: ${stderr}`);
  return JSON.parse(stdout);
}
