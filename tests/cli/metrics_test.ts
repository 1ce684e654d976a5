import { assert, assertEquals, assertMatch } from "@std/assert";
import { command } from "../support/run/command.ts";
import { Exporter } from "../support/cli/exporter.ts";
import { Host } from "../support/cni/host.ts";
import type { MetricsFormat } from "../../lib/observe/prometheus.ts";
import { type Family, lacksParser, parseMetrics } from "../support/cli/open_metrics.ts";
import { until } from "../support/run/process.ts";

const ignore = await lacksParser();

/** Values by metric, of the samples that have a label's value. */
async function values(
  text: string,
  mirror: string,
  format: MetricsFormat = "openmetrics",
): Promise<Map<string, number>> {
  const samples = (await parseMetrics(text, format)).flatMap((family) => family.samples);
  return new Map(
    samples.filter(({ labels }) => labels.mirror === mirror)
      .map(({ name, labels, value }) => [labels.kind ?? name, value]),
  );
}

Deno.test(
  { name: "show --format prometheus is valid in Prometheus' own format", ignore },
  async () => {
    await using host = await Host.start();
    await (await host.addPod()).producer().add();
    const nasty = 'a"b\\c d\n{}#é\u202e';
    await host.db.addMirror("br1", { name: nasty });
    const { code, stdout } = await command(
      ["show", "--socket", host.db.socket, "--format", "prometheus"],
    );
    assertEquals(code, 1);
    const found = await values(stdout, "m1", "prometheus");
    assertEquals([found.get("ovs_mirror_sources"), found.get("no_output")], [1, 1]);
    const written = nasty.replace("\u202e", "\\u202e");
    assertEquals((await values(stdout, written, "prometheus")).get("no_sources"), 1);
  },
);

Deno.test(
  { name: "metrics gives each family a type, help and unit in both formats", ignore },
  async () => {
    await using host = await Host.start();
    await host.db.addMirror("br1", {
      name: "m1",
      statistics: ["map", [["tx_packets", 3], ["tx_bytes", 180]]],
    });
    await using exporter = await Exporter.start(host.db.socket);
    await exporter.note(/: connected$/);
    const asked = {
      openmetrics: "application/openmetrics-text",
      prometheus: "text/plain",
    } as const;
    const formats = Object.keys(asked) as MetricsFormat[];
    const [open, own] = await Promise.all(
      formats.map(async (format) =>
        await parseMetrics((await exporter.get("/metrics", asked[format])).body, format)
      ),
    );
    const told = (families: Family[] = []) =>
      families.map(({ name, type, help, samples }) => ({ name, type, help, samples }));
    assertEquals(told(own), told(open));
    for (const { type, help } of own!) {
      assertEquals([/^(counter|gauge)$/.test(type), help !== ""], [true, true]);
    }
    assertEquals(
      own!.filter(({ type }) => type === "counter").map((
        { name, samples },
      ) => [name, samples[0]?.value]),
      [
        ["ovs_mirror_packets", 3],
        ["ovs_mirror_bytes", 180],
        ["ovs_mirror_dropped_packets", undefined],
        ["ovs_mirror_tunnel_packets", undefined],
      ],
    );
    assertEquals(
      open!.find(({ name }) => name === "ovs_mirror_bytes")?.unit,
      "bytes",
    );
  },
);

Deno.test(
  { name: "metrics serves what show knows, whatever becomes of ovsdb-server", ignore },
  async () => {
    await using host = await Host.start();
    await (await host.addPod()).producer().add();
    await using exporter = await Exporter.start(host.db.socket);
    await exporter.note(/: connected$/);
    const { status, type, body } = await exporter.get("/metrics");
    assertEquals([status, type], [
      200,
      "application/openmetrics-text; version=1.0.0; charset=utf-8",
    ]);
    assertEquals((await values(body, "m1")).get("ovs_mirror_outputs"), 0);
    assertMatch((await exporter.get("/metrics", "*/*")).type!, /^text\/plain; version=0\.0\.4/);
    assertEquals((await exporter.get("/healthz")).status, 200);
    await host.db.stop();
    await exporter.note(/trying again$/);
    assertEquals((await exporter.get("/healthz")).status, 503);
    await exporter.until(/^ovs_mirror_database_up(\{.*\})? 0$/m);
    await host.db.run();
    await exporter.note(/: connected$/);
    await (await host.addPod()).consumer().add();
    await until(
      "the consumer to be counted",
      async () =>
        (await values((await exporter.get("/metrics")).body, "m1")).get("ovs_mirror_outputs") === 1,
    );
    assertEquals((await exporter.get("/nothing")).status, 404);
    assertEquals(await exporter.end(), { success: true, code: 0, signal: null });
  },
);

Deno.test({ name: "metrics says so when ovsdb-server hangs", ignore }, async () => {
  await using host = await Host.start();
  await (await host.addPod()).producer().add();
  await using exporter = await Exporter.start(host.db.socket);
  await exporter.note(/: connected$/);
  assertEquals((await values((await exporter.get("/metrics")).body, "m1")).size > 0, true);
  const pid = await host.db.pid();
  Deno.kill(pid, "SIGSTOP");
  try {
    await exporter.until(/^ovs_mirror_database_up(\{.*\})? 0$/m);
  } finally {
    Deno.kill(pid, "SIGCONT");
  }
  await exporter.note(/: connected$/);
  await until(
    "the mirror to be back",
    async () => (await values((await exporter.get("/metrics")).body, "m1")).size > 0,
  );
});

Deno.test({ name: "metrics starts without ovsdb-server too", ignore }, async () => {
  await using host = await Host.start();
  await host.db.stop();
  await using exporter = await Exporter.start(host.db.socket);
  const { body } = await exporter.get("/metrics");
  const [up] = (await parseMetrics(body, "openmetrics")).filter(({ name }) =>
    name === "ovs_mirror_database_up"
  );
  assertEquals(up!.samples.map(({ value }) => value), [0]);
});

Deno.test(
  { name: "metrics answers ten at once on 10,000 ports, beside scrapes that hang", ignore },
  async () => {
    await using host = await Host.start();
    const names = Array.from({ length: 10_000 }, (_, index) => `p${index}`);
    for (let start = 0; start < names.length; start += 1000) {
      await host.db.addPorts("br1", ...names.slice(start, start + 1000));
    }
    const ids = (await host.db.rows("Port", ["_uuid"])).map(({ _uuid }) =>
      _uuid as ["uuid", string]
    );
    for (let index = 0; index < 32; index++) {
      const sources = ids.filter((_, place) => place % 32 === index);
      await host.db.addMirror("br1", { name: `m${index}`, select_src_port: ["set", sources] });
    }
    await using exporter = await Exporter.start(host.db.socket);
    await exporter.note(/: connected$/);
    await exporter.get("/metrics");
    const [hostname, port] = exporter.address.split(":") as [string, string];
    const hanging = await Promise.all(
      Array.from({ length: 50 }, () => Deno.connect({ hostname, port: Number(port) })),
    );
    for (const connection of hanging) {
      await connection.write(new TextEncoder().encode("GET /metrics HTTP/1.1\r\nHost: x\r\n"));
    }
    const before = await exporter.memory();
    for (let round = 0; round < 10; round++) {
      const answers = await Promise.all(Array.from({ length: 10 }, () => exporter.get("/metrics")));
      assertEquals(new Set(answers.map(({ body }) => body)).size, 1);
      assertEquals((await values(answers[0]!.body, "m7")).get("ovs_mirror_sources"), 313);
    }
    assert(await exporter.memory() - before < 100_000_000);
    for (const connection of hanging) connection.close();
  },
);

Deno.test("metrics says what is wrong with its command line", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const taken = `127.0.0.1:${(listener.addr as Deno.NetAddr).port}`;
  const cases: [string[], number, RegExp][] = [
    [[], 2, /name the address to serve on, such as --listen 127\.0\.0\.1:9476$/],
    [["--listen", "9476"], 2, /option --listen can't be "9476"; use ADDRESS:PORT/],
    [["--listen", "[::]:0"], 2, /option --listen can't be "\[::\]:0"/],
    [["--listen", "fd00::1"], 2, /option --listen can't be "fd00::1"/],
    [["--listen", taken], 3, /cannot serve on 127\.0\.0\.1:\d+: AddrInUse$/],
    [["m1"], 2, /metrics takes options only, not "m1"$/],
  ];
  for (const [args, status, message] of cases) {
    const { code, stdout, stderr } = await command(["metrics", ...args]);
    assertEquals([code, stdout], [status, ""]);
    assertMatch(stderr.trimEnd(), message);
  }
});
