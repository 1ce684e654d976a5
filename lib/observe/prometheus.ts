/**
 * Mirrors for Prometheus and what reads its formats.
 *
 * Source: OpenMetrics 1.0, and Prometheus' own text format 0.0.4, which node_exporter's collector of
 * text files takes. They differ in what a counter is called where its type and help are told, and
 * each takes the other's name for another metric.
 *
 * @module
 */

import { printableLines } from "../text/text.ts";
import { totals } from "./model.ts";
import type { Report } from "./report.ts";
import { type JudgedMirror, PROBLEM, type ProblemKind } from "./verdict.ts";
import { ownerOf } from "./words.ts";

/** A metric of mirrors. */
interface Family {
  name: string;
  type: "counter" | "gauge";
  unit?: string;
  help: string;
  /** Its values for a mirror, by further labels; none if it is not known. */
  samples(mirror: JudgedMirror): readonly (readonly [labels: Labels, value: number])[];
}

/** The formats. */
export type MetricsFormat = "prometheus" | "openmetrics";

/** Names to values. */
type Labels = Readonly<Record<string, string>>;

const FAMILIES: readonly Family[] = [
  {
    name: "ovs_mirror_packets",
    type: "counter",
    help:
      "Packets that the switch sent to the mirror's outputs, with those that were dropped there.",
    samples: (mirror) => known(totals(mirror).packets),
  },
  {
    name: "ovs_mirror_bytes",
    type: "counter",
    unit: "bytes",
    help:
      "Bytes of these packets, without VLAN tags that copies get; at most, where copies are cut.",
    samples: (mirror) => known(totals(mirror).bytes),
  },
  {
    name: "ovs_mirror_dropped_packets",
    type: "counter",
    help: "Packets for the outputs that their interfaces counted as dropped; others may be lost.",
    samples: (mirror) => known(counted(mirror)),
  },
  {
    name: "ovs_mirror_sources",
    type: "gauge",
    help: "Ports whose packets the mirror takes, without those of a mirror of all ports.",
    samples: ({ sources }) => known(sources.length),
  },
  {
    name: "ovs_mirror_sources_down",
    type: "gauge",
    help: "Sources that are down or gone.",
    samples: ({ sources }) => known(sources.filter(({ state }) => state).length),
  },
  {
    name: "ovs_mirror_outputs",
    type: "gauge",
    help: "Ports and VLANs that the mirror's packets go to.",
    samples: ({ rows }) => known(rows.filter(({ output }) => output).length),
  },
  {
    name: "ovs_mirror_by_hand",
    type: "gauge",
    help: "Sources and outputs that are attached by hand.",
    samples: ({ sources, rows }) =>
      known(
        [...sources, ...rows.map(({ output }) => output)]
          .filter((end) => end && "byHand" in end).length,
      ),
  },
  {
    name: "ovs_mirror_tunnel_packets",
    type: "counter",
    help:
      "Packets sent into the tunnel that copies leave the node by; whether they arrive is unknown.",
    samples: ({ rows }) =>
      rows.flatMap(({ output }) => {
        const { remote, sent } = output?.kind === "port" && output.tunnel || {};
        return remote === undefined || sent === undefined ? [] : [[{ remote }, sent] as const];
      }),
  },
  {
    name: "ovs_mirror_problem",
    type: "gauge",
    help: "Whether the mirror has a problem, by its kind.",
    samples: ({ verdict: { problems } }) =>
      KINDS.map((kind) => [{ kind: slug(kind) }, Number(problems.includes(kind))] as const),
  },
];

const KINDS = Object.keys(PROBLEM) as ProblemKind[];

/** Only drops that are counted: estimated losses go up and down, which a counter must not. */
function counted({ rows }: JudgedMirror): number | undefined {
  const counts = rows.flatMap(({ output }) => output?.kind === "port" ? output.dropped ?? [] : []);
  return counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + count, 0);
}

function known(value: number | undefined): [Labels, number][] {
  return value === undefined ? [] : [[{}, value]];
}

/** Words as Prometheus joins them. */
function slug(kind: ProblemKind): string {
  return kind.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/**
 * Writes a report as text.
 *
 * @param report The mirrors and their switch; nothing if the database can't be reached.
 * @param format The text's format.
 * @param node The node's name, if it is known without a report.
 */
export function formatMetrics(
  report: Report | undefined,
  format: MetricsFormat,
  node = report?.node,
): string {
  const ofNode: Labels = node === undefined ? {} : { node };
  const state = report?.switch ?? "unknown";
  const isUp = state === "unknown" ? undefined : Number(state === "running");
  const lines = [
    ...gauge("ovs_mirror_database_up", "Whether ovsdb-server answers.", ofNode, Number(!!report)),
    ...gauge("ovs_mirror_switch_up", "Whether ovs-vswitchd lives and answers.", ofNode, isUp),
    ...FAMILIES.flatMap((family) => [
      ...headerOf(family, format),
      ...samplesOf(family, report?.mirrors ?? [], ofNode),
    ]),
    ...format === "openmetrics" ? ["# EOF"] : [],
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function gauge(name: string, help: string, labels: Labels, value: number | undefined): string[] {
  const header = [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`];
  return value === undefined ? header : [...header, sample(name, labels, value)];
}

function headerOf(family: Family, format: MetricsFormat): string[] {
  const { type, unit, help } = family;
  const isOpen = format === "openmetrics";
  const name = isOpen ? family.name : sampleName(family);
  return [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} ${type}`,
    ...isOpen && unit ? [`# UNIT ${name} ${unit}`] : [],
  ];
}

function sampleName({ name, type }: Family): string {
  return type === "counter" ? `${name}_total` : name;
}

function samplesOf(
  family: Family,
  mirrors: readonly JudgedMirror[],
  ofNode: Labels,
): string[] {
  return mirrors.flatMap((mirror) => {
    const labels = { ...ofNode, bridge: mirror.bridge, mirror: mirror.name };
    const owner = ownerOf(mirror);
    return family.samples(mirror).map(([further, value]) =>
      sample(sampleName(family), { ...labels, owner, ...further }, value)
    );
  });
}

function sample(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escape(text)}"`);
  return `${name}${pairs.length > 0 ? `{${pairs.join(",")}}` : ""} ${value}`;
}

/** As the format has it, which knows no escapes but these; what is not printable stands as text. */
function escape(text: string): string {
  return printableLines(text).replace(/[\\"]/g, "\\$&").replaceAll("\n", "\\n");
}
