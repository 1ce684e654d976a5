/**
 * Answers those who ask for metrics.
 *
 * @module
 */

import { formatMetrics, type MetricsFormat } from "../../observe/prometheus.ts";
import type { Report } from "../../observe/report.ts";
import type { Collector } from "./collector.ts";
import { type HttpRequest, type HttpResponse, negotiate, textResponse } from "./http.ts";

const CONTENT_TYPES = {
  "text/plain": "text/plain; version=0.0.4; charset=utf-8",
  "application/openmetrics-text": "application/openmetrics-text; version=1.0.0; charset=utf-8",
} as const;

const FORMATS = {
  "text/plain": "prometheus",
  "application/openmetrics-text": "openmetrics",
} as const satisfies Record<keyof typeof CONTENT_TYPES, MetricsFormat>;

const INDEX = "ovs-mirror: /metrics for Prometheus, /healthz for readiness, / for liveness\n";

/** The texts of a report, which may be long and is the same for all who ask at about one time. */
const bodies = new WeakMap<Report, Partial<Record<MetricsFormat, Uint8Array>>>();

/**
 * Answers a request.
 *
 * @param collector Knows the switch.
 */
export async function answer(request: HttpRequest, collector: Collector): Promise<HttpResponse> {
  if (request.method !== "GET" && request.method !== "HEAD") {
    return textResponse(405, "only GET is answered\n", { allow: "GET, HEAD" });
  }
  switch (request.path) {
    case "/metrics":
      return await metrics(request, collector);
    case "/healthz":
      return collector.isConnected
        ? textResponse(200, "ok\n")
        : textResponse(503, "no connection to ovsdb-server, trying again\n");
    case "/":
      return textResponse(200, INDEX);
    default:
      return textResponse(404, INDEX);
  }
}

/** Without a database there is a metric that says so: a scrape that fails would tell less. */
async function metrics({ accept }: HttpRequest, collector: Collector): Promise<HttpResponse> {
  const report = await collector.report();
  const type = negotiate(accept, ["text/plain", "application/openmetrics-text"]);
  const body = bodyOf(report, FORMATS[type], collector.node);
  return { status: 200, headers: { "content-type": CONTENT_TYPES[type] }, body };
}

function bodyOf(
  report: Report | undefined,
  format: MetricsFormat,
  node: string | undefined,
): Uint8Array {
  const known = report && bodies.get(report) || {};
  if (report) bodies.set(report, known);
  return known[format] ??= new TextEncoder().encode(formatMetrics(report, format, node));
}
