import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { stringMap } from "../../lib/ovsdb/value.ts";
import { command } from "../support/run/command.ts";
import { Exporter } from "../support/cli/exporter.ts";
import { Host } from "../support/cni/host.ts";

/** A host with a mirror, and what serves its metrics. */
async function start() {
  await using stack = new AsyncDisposableStack();
  const host = stack.use(await Host.start());
  await (await host.addPod()).producer().add();
  const exporter = stack.use(await Exporter.start(host.db.socket));
  await exporter.note(/: connected$/);
  const owned = stack.move();
  return { host, exporter, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

Deno.test("metrics serves the text that show prints, with what is wrong with switch and output", async () => {
  await using host = await Host.start();
  await (await host.addPod()).producer().add();
  const output = await host.addPod();
  await output.consumer().add();
  const where = [["name", "==", output.port]] as const;
  const row = { link_state: "down", statistics: ["map", [["tx_dropped", 7]]] } as const;
  await host.db.transact([{ op: "update", table: "Interface", where, row }]);
  await Deno.writeTextFile(`${host.db.directory}/ovsdb-server.pid`, "1\n");
  await using exporter = await Exporter.start(host.db.socket);
  await exporter.note(/: connected$/);
  const show = ["show", "--socket", host.db.socket, "--format", "prometheus"];
  const { stdout } = await command(show);
  for (const kind of ["switch", "output"]) {
    assertStringIncludes(stdout, `kind="${kind}_down"} 1\n`);
  }
  assertMatch(stdout, /^ovs_mirror_dropped_packets_total\{.*\} 7$/m);
  assertEquals((await exporter.get("/metrics", "text/plain")).body, stdout);
});

Deno.test("metrics names the node, also when it has lost the database", async () => {
  await using running = await start();
  const { host, exporter } = running;
  const row = { external_ids: stringMap({ hostname: "node-7" }) };
  await host.db.transact([{ op: "update", table: "Open_vSwitch", where: [], row }]);
  assertMatch(
    (await exporter.get("/metrics")).body,
    /^ovs_mirror_database_up\{node="node-7"\} 1$/m,
  );
  await host.db.stop();
  await exporter.note(/trying again$/);
  await exporter.until(/^ovs_mirror_database_up\{.*\} 0$/m);
  const { body } = await exporter.get("/metrics");
  assertMatch(body, /^ovs_mirror_database_up\{node="node-7"\} 0$/m);
});

Deno.test("metrics answers a scrape that the end of the database interrupts", async () => {
  await using running = await start();
  const { host, exporter } = running;
  const pid = await host.db.pid();
  Deno.kill(pid, "SIGSTOP");
  const answer = exporter.get("/metrics");
  // Time enough to ask the database.
  await new Promise((resolve) => setTimeout(resolve, 500));
  Deno.kill(pid, "SIGKILL");
  const { status, body } = await answer;
  assertEquals(status, 200);
  assertMatch(body, /^ovs_mirror_database_up(\{.*\})? 0$/m);
});

Deno.test("metrics answers HEAD, tells which methods it knows, and what is where", async () => {
  await using running = await start();
  const { address } = running.exporter;
  const ask = async (method: string, path: string) => {
    const response = await fetch(`http://${address}${path}`, { method });
    return [response.status, response.headers.get("allow"), await response.text()];
  };
  assertEquals(await ask("HEAD", "/metrics"), [200, null, ""]);
  const [status, allow] = await ask("POST", "/metrics");
  assertEquals([status, allow], [405, "GET, HEAD"]);
  const [found, , text] = await ask("GET", "/");
  assertEquals(found, 200);
  assertMatch(String(text), /\/metrics .*\/healthz /);
});

Deno.test("metrics gives Prometheus the format that it asks for among others", async () => {
  await using running = await start();
  const types =
    "application/vnd.google.protobuf;q=0.7,application/openmetrics-text;q=0.6,*/*;q=0.1";
  const { type } = await running.exporter.get("/metrics", types);
  assertMatch(type!, /^application\/openmetrics-text/);
});

Deno.test("metrics tells once that it has no database, each time that it has none", async () => {
  await using host = await Host.start();
  await host.db.stop();
  const started = performance.now();
  const listener = Deno.listen({ transport: "unix", path: host.db.socket });
  await using exporter = await Exporter.start(host.db.socket);
  for (let attempt = 0; attempt < 4; attempt++) (await listener.accept()).close();
  // The pauses between them are of 250, 500 and 1000 milliseconds.
  assert(performance.now() - started > 1700);
  listener.close();
  await exporter.note(/trying again$/);
  await host.db.run();
  assertMatch((await exporter.notes.next()).value!, /: connected$/);
  await host.db.stop();
  assertMatch((await exporter.notes.next()).value!, /trying again$/);
});

Deno.test("metrics ends without a word when it is interrupted", async () => {
  await using running = await start();
  assertEquals((await running.exporter.end()).code, 0);
  assertEquals(await Array.fromAsync(running.exporter.notes), []);
});

Deno.test({
  name: "metrics serves on an address of IPv6",
  ignore: !hasLoopback6(),
  async fn() {
    await using host = await Host.start();
    for (const address of ["[::1]", "::1"]) {
      await using exporter = await Exporter.start(host.db.socket, address);
      assertEquals((await exporter.get("/")).status, 200);
    }
  },
});

function hasLoopback6(): boolean {
  try {
    Deno.listen({ hostname: "::1", port: 0 }).close();
    return true;
  } catch {
    return false;
  }
}
