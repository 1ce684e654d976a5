import { assertEquals, assertMatch } from "@std/assert";
import { OWNER } from "../mirror/snapshot/snapshot.ts";
import { stringMap } from "../ovsdb/value.ts";
import { formatMetrics, type MetricsFormat } from "./prometheus.ts";
import { makeReport } from "../../tests/support/cli/show.ts";

const DROPS = { statistics: ["map", [["tx_dropped", 7]]] } as const;
const BRIDGES = {
  br1: {
    ports: ["a", { name: "b", interfaces: [{ link_state: "down" }] }, {
      name: "q",
      interfaces: [DROPS],
    }],
    mirrors: [{
      name: "m",
      src: ["a", "b"],
      out: "q",
      carried: [5, 426] as const,
      columns: {
        external_ids: stringMap({
          owner: OWNER,
          "ovs-mirror-hand-a": "select_src_port",
          "ovs-mirror-hand-q": "output_port",
        }),
      },
    }],
  },
};

/** The lines of samples. */
function samples(text: string): string[] {
  return text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
}

Deno.test("formatMetrics() tells counts, ends and problems of each mirror", () => {
  const lines = samples(formatMetrics(makeReport(BRIDGES, "running", "worker-1"), "prometheus"));
  const labels = 'node="worker-1",bridge="br1",mirror="m",owner="ours"';
  assertEquals(lines.filter((line) => !line.startsWith("ovs_mirror_problem")), [
    'ovs_mirror_database_up{node="worker-1"} 1',
    'ovs_mirror_switch_up{node="worker-1"} 1',
    `ovs_mirror_packets_total{${labels}} 5`,
    `ovs_mirror_bytes_total{${labels}} 426`,
    `ovs_mirror_dropped_packets_total{${labels}} 7`,
    `ovs_mirror_sources{${labels}} 2`,
    `ovs_mirror_sources_down{${labels}} 1`,
    `ovs_mirror_outputs{${labels}} 1`,
    `ovs_mirror_by_hand{${labels}} 2`,
  ]);
  const problems = lines.filter((line) => line.startsWith("ovs_mirror_problem"));
  assertEquals(problems.filter((line) => line.endsWith(" 1")), [
    `ovs_mirror_problem{${labels},kind="output_drops"} 1`,
  ]);
  assertEquals(problems.length > 8, true);
});

Deno.test("formatMetrics() counts a VLAN among the outputs", () => {
  const mirrors = [{ name: "m", columns: { output_vlan: 7 } }];
  const lines = samples(formatMetrics(makeReport({ br1: { mirrors } }), "prometheus"));
  const [outputs] = lines.filter((line) => line.startsWith("ovs_mirror_outputs{"));
  assertMatch(outputs!, / 1$/);
});

Deno.test("formatMetrics() leaves out what is not known", () => {
  const lines = samples(
    formatMetrics(makeReport({ br1: { mirrors: [{ name: "m" }] } }, "unknown"), "prometheus"),
  );
  assertEquals(lines.some((line) => /switch_up|packets|bytes|node=/.test(line)), false);
  assertEquals(samples(formatMetrics(undefined, "prometheus", "worker-1")), [
    'ovs_mirror_database_up{node="worker-1"} 0',
  ]);
});

Deno.test("formatMetrics() escapes names as the format has it", () => {
  const text = formatMetrics(
    makeReport({ br1: { mirrors: [{ name: 'a"b\\c\nd\ud800\x1b\x9b\u202e' }] } }),
    "prometheus",
  );
  assertMatch(text, /mirror="a\\"b\\\\c\\nd\\\\ud800\\\\u001b\\\\u009b\\\\u202e"/);
});

Deno.test("formatMetrics() names a counter's type as each of the formats does", () => {
  const report = makeReport({ br1: {} });
  const types = (format: MetricsFormat) =>
    formatMetrics(report, format).split("\n").filter((line) => /_bytes|UNIT|EOF/.test(line));
  const help =
    "Bytes of these packets, without VLAN tags that copies get; at most, where copies are cut.";
  assertEquals(types("openmetrics"), [
    `# HELP ovs_mirror_bytes ${help}`,
    "# TYPE ovs_mirror_bytes counter",
    "# UNIT ovs_mirror_bytes bytes",
    "# EOF",
  ]);
  assertEquals(types("prometheus"), [
    `# HELP ovs_mirror_bytes_total ${help}`,
    "# TYPE ovs_mirror_bytes_total counter",
  ]);
});
