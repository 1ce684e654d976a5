import { assert, assertEquals, assertMatch } from "@std/assert";
import { Exporter } from "../support/cli/exporter.ts";
import { Host } from "../support/cni/host.ts";

/** Mirrors whose names make the metrics some megabytes long. */
const MANY = 1500;

const HALF = "GET /metrics HTTP/1.1\r\nHost: x\r\n";

/** A host with so many mirrors, and what serves its metrics. */
async function start(mirrors: number) {
  await using stack = new AsyncDisposableStack();
  const host = stack.use(await Host.start());
  for (let start = 0; start < mirrors; start += 100) {
    const names = Array.from({ length: 100 }, (_, index) => `m${start + index}-${"x".repeat(90)}`);
    await Promise.all(names.map((name) => host.db.addMirror("br1", { name })));
  }
  const exporter = stack.use(await Exporter.start(host.db.socket));
  await exporter.note(/: connected$/);
  const owned = stack.move();
  return { host, exporter, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** Connections, which the end of the scope closes. */
class Crowd implements Disposable {
  readonly #members: Deno.TcpConn[] = [];

  constructor(readonly exporter: Exporter) {}

  async join(count: number, text: string): Promise<void> {
    const [hostname, port] = this.exporter.address.split(":") as [string, string];
    await Promise.all(Array.from({ length: count }, async () => {
      const member = await Deno.connect({ hostname, port: Number(port) });
      this.#members.push(member);
      // Whoever was sent away already can't say anything.
      await member.write(new TextEncoder().encode(text)).catch(() => {});
    }));
  }

  [Symbol.dispose](): void {
    for (const member of this.#members) member.close();
  }
}

/** Sends text, and reads all of the answer. */
async function ask({ address }: Exporter, text: string): Promise<string> {
  const [hostname, port] = address.split(":") as [string, string];
  using connection = await Deno.connect({ hostname, port: Number(port) });
  await connection.write(new TextEncoder().encode(text));
  return await new Response(connection.readable).text();
}

async function descriptors({ child: { pid } }: Exporter): Promise<number> {
  return (await Array.fromAsync(Deno.readDir(`/proc/${pid}/fd`))).length;
}

Deno.test("metrics answers honest clients beside a crowd that asks for nothing", async () => {
  await using running = await start(MANY);
  const { exporter } = running;
  const length = (await exporter.get("/metrics")).body.length;
  assert(length > 3_000_000);
  const before = await exporter.memory();
  using crowd = new Crowd(exporter);
  const [answers] = await Promise.all([
    Promise.all(Array.from({ length: 50 }, () => exporter.get("/"))),
    crowd.join(1000, ""),
    crowd.join(50, HALF),
    // These never read what they asked for.
    crowd.join(50, `${HALF}\r\n`),
  ]);
  assertEquals(new Set(answers.map(({ status }) => status)), new Set([200]));
  assertEquals((await exporter.get("/metrics")).body.length, length);
  assert(await exporter.memory() - before < 100_000_000);
  assert(await descriptors(exporter) < 100);
});

Deno.test("metrics answers after 10,000 connections that left", async () => {
  await using running = await start(0);
  const { exporter } = running;
  for (let round = 0; round < 100; round++) {
    using crowd = new Crowd(exporter);
    await crowd.join(100, round % 2 === 0 ? "" : HALF);
  }
  assertEquals((await exporter.get("/metrics")).status, 200);
  assert(await descriptors(exporter) < 100);
});

Deno.test("metrics goes on when there are no file descriptors left", async () => {
  await using running = await start(0);
  const { exporter } = running;
  const limit = [
    "--pid",
    String(exporter.child.pid),
    `--nofile=${await descriptors(exporter) + 5}`,
  ];
  const { success } = await new Deno.Command("prlimit", { args: limit }).output();
  assert(success);
  {
    using crowd = new Crowd(exporter);
    await crowd.join(30, HALF);
    await exporter.note(/^cannot take a connection \(.*Too many open files.*\), trying again$/);
    assertEquals((await exporter.get("/healthz")).status, 200);
  }
  assertEquals((await exporter.get("/metrics")).status, 200);
});

Deno.test("metrics lets nobody hold a connection for long", async () => {
  await using running = await start(0);
  const started = performance.now();
  assertEquals(await ask(running.exporter, HALF), "");
  const seconds = (performance.now() - started) / 1000;
  assert(seconds >= 4.9, `${seconds} s`);
});

Deno.test("metrics finishes the scrape that is under way when it is told to end", async () => {
  await using running = await start(0);
  const { host, exporter } = running;
  const pid = await host.db.pid();
  Deno.kill(pid, "SIGSTOP");
  const answer = exporter.get("/metrics");
  using crowd = new Crowd(exporter);
  await crowd.join(5, HALF);
  // Time enough for the scrape to be there, and then for the end to be noticed.
  await new Promise((resolve) => setTimeout(resolve, 500));
  exporter.child.kill("SIGTERM");
  await new Promise((resolve) => setTimeout(resolve, 500));
  Deno.kill(pid, "SIGCONT");
  const { status, body } = await answer;
  assertEquals(status, 200);
  assertMatch(body, /^ovs_mirror_database_up(\{.*\})? 1$/m);
  assertEquals((await exporter.child.status).code, 0);
});

Deno.test("metrics refuses what is no request, and says nothing of it", async () => {
  await using running = await start(0);
  const { exporter } = running;
  const wrong = ["Host: [", "Host: a b", "Host: a\r\nHost: b", "nonsense", "X: y"];
  for (const line of wrong) {
    assertMatch(await ask(exporter, `GET / HTTP/1.1\r\n${line}\r\n\r\n`), /^HTTP\/1\.1 400 /, line);
  }
  assertMatch(await ask(exporter, `GET /${"x".repeat(20_000)}`), /^HTTP\/1\.1 431 /);
  assertMatch(await ask(exporter, "\x16\x03\x01\r\n\r\n"), /^HTTP\/1\.1 400 /);
  const post = `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n${"x".repeat(100_000)}`;
  assertMatch(await ask(exporter, post), /^HTTP\/1\.1 405 /);
  assertEquals((await exporter.end()).code, 0);
  assertEquals(await Array.fromAsync(exporter.notes), []);
});
