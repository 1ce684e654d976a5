import { assert, assertEquals } from "@std/assert";
import { parse, parseAll } from "@std/yaml/parse";
import { formatMetrics } from "../../lib/observe/prometheus.ts";
import { PROGRAMS } from "../../lib/cli/catalog.ts";
import { read } from "../support/project/documents.ts";

const COMPONENT = "deploy/components/metrics";

interface Panel {
  id: number;
  title: string;
  description: string;
  gridPos: { x: number; y: number; w: number; h: number };
  targets: { expr: string }[];
}

const dashboard = JSON.parse(read("deploy/helm/dashboard/ovs-mirror-cni.json")) as {
  panels: Panel[];
  templating: { list: { name: string; query: string }[] };
};

/** Names of the metrics' samples, as the program has them. */
const metrics = new Set(
  Array.from(
    formatMetrics(undefined, "openmetrics").matchAll(/^# TYPE (\w+) (\w+)$/gm),
    ([, name, type]) => name! + (type === "counter" ? "_total" : ""),
  ),
);

Deno.test("the dashboard asks for metrics that there are", () => {
  const questions = [
    ...dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
    ...dashboard.templating.list.map(({ query }) => query),
  ];
  const asked = questions.flatMap((text) => text.match(/\bovs_mirror_\w+/g) ?? []);
  assert(asked.length >= 8);
  assertEquals(asked.filter((name) => !metrics.has(name)), []);
});

Deno.test("the dashboard's variables are those that its questions use", () => {
  const text = JSON.stringify(dashboard.panels);
  const used = new Set(Array.from(text.matchAll(/\$\{?([a-z]+)\b/g), ([, name]) => name!));
  assertEquals(used, new Set(dashboard.templating.list.map(({ name }) => name)));
});

Deno.test("the dashboard's panels say what they show, and lie beside each other", () => {
  const cells = new Set<string>();
  for (const { id, title, description, gridPos: { x, y, w, h } } of dashboard.panels) {
    assert(title && description, `panel ${id}`);
    assert(x + w <= 24, title);
    for (let column = x; column < x + w; column++) {
      for (let row = y; row < y + h; row++) {
        assert(!cells.has(`${column},${row}`), `${title} lies on another panel`);
        cells.add(`${column},${row}`);
      }
    }
  }
  const ids = dashboard.panels.map(({ id }) => id);
  assertEquals(new Set(ids).size, ids.length);
});

interface Patch {
  path: string;
  value: {
    name: string;
    command: string[];
    args: string[];
    ports: { name: string; containerPort: number; hostPort: number }[];
  };
}

Deno.test("the metrics are served where the PodMonitor asks, by a program of the image", () => {
  const patches = parse(read(`${COMPONENT}/container.yaml`)) as Patch[];
  const { command: [program], args, ports: [port] } = patches[0]!.value;
  assert(PROGRAMS.some((name) => program === `/opt/ovs-mirror-cni/${name}`));
  assertEquals(args.slice(0, 2), ["metrics", "--listen"]);
  assertEquals(args[2], `$(NODE_ADDRESS):${port!.containerPort}`);
  assertEquals(port!.hostPort, port!.containerPort);
  const [monitor] = parseAll(read(`${COMPONENT}/podmonitor.yaml`)) as {
    spec: { podMetricsEndpoints: { port: string }[] };
  }[];
  assertEquals(monitor!.spec.podMetricsEndpoints.map(({ port }) => port), [port!.name]);
});
