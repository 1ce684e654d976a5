/**
 * Serves metrics over HTTP.
 *
 * @module
 */

import { formatPrometheus } from "../../observe/prometheus.ts";
import type { Collector } from "./collector.ts";

const TEXT = "text/plain; charset=utf-8";
const OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";
const PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

const INDEX = "ovs-mirror: /metrics for Prometheus, /healthz for probes\n";

/**
 * Answers a request.
 *
 * @param request The request.
 * @param collector Knows the switch.
 * @returns The response.
 */
export async function answer(request: Request, collector: Collector): Promise<Response> {
  if (request.method !== "GET" && request.method !== "HEAD") {
    return text("only GET is answered\n", 405, { allow: "GET, HEAD" });
  }
  switch (new URL(request.url).pathname) {
    case "/metrics":
      return await metrics(request, collector);
    case "/healthz":
      return collector.isConnected
        ? text("ok\n", 200)
        : text("no connection to ovsdb-server, trying again\n", 503);
    case "/":
      return text(INDEX, 200);
    default:
      return text(INDEX, 404);
  }
}

/** Without a database there is a metric that says so: a scrape that fails would tell less. */
async function metrics({ headers }: Request, collector: Collector): Promise<Response> {
  const report = await collector.report();
  const wanted = headers.get("accept")?.includes("application/openmetrics-text");
  return text(formatPrometheus(report, collector.node), 200, {
    "content-type": wanted ? OPEN_METRICS : PROMETHEUS,
  });
}

function text(body: string, status: number, headers: Record<string, string> = {}): Response {
  return new Response(body, { status, headers: { "content-type": TEXT, ...headers } });
}
