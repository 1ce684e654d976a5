import { assertEquals, assertMatch } from "@std/assert";
import { CASES } from "../cni/cases.ts";
import { both } from "../support/cni/chained.ts";
import { command } from "../support/run/command.ts";
import { Deployment } from "../support/deploy/deployment.ts";
import { Host } from "../support/cni/host.ts";
import { lacks } from "../support/run/lacks.ts";
import { lacksSwitch } from "../support/run/lacks_switch.ts";
import { lines } from "../support/run/lines.ts";
import { Ovsdb } from "../support/ovs/ovsdb.ts";
import { executable } from "../support/cni/plugin.ts";
import { until } from "../support/run/process.ts";
import { createRuntime } from "../support/cni/runtime.ts";
import { BRIDGE } from "../support/cni/pods.ts";
import { Switch } from "../support/ovs/switch.ts";
import { send } from "../support/packets/traffic.ts";

/** Milliseconds after which it is taken to hang. */
const MAX_RUN = 120_000;

/** A running `show --watch`. Leaving the scope ends it, if it has not ended. */
class Watch implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #output: AsyncGenerator<string>;
  readonly #errors: AsyncGenerator<string>;
  readonly #timer: ReturnType<typeof setTimeout>;

  constructor({ socket }: Ovsdb, env: Record<string, string> = {}) {
    this.#child = new Deno.Command(executable("producer"), {
      args: ["show", "--watch", "--socket", socket],
      env,
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#output = lines(this.#child.stdout);
    this.#errors = lines(this.#child.stderr);
    this.#timer = setTimeout(() => this.#child.kill("SIGKILL"), MAX_RUN);
  }

  /** The first line from now on that is about something. */
  line(what: RegExp): Promise<string> {
    return find(this.#output, what);
  }

  /** The same, of standard error. */
  errorLine(what: RegExp): Promise<string> {
    return find(this.#errors, what);
  }

  /** Sends a signal and waits for the end. */
  async end(signal: Deno.Signal): Promise<Deno.CommandStatus> {
    this.#child.kill(signal);
    return await this.#child.status;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#timer);
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended.
    }
    for (const rest of [this.#output, this.#errors]) await Array.fromAsync(rest);
    await this.#child.status;
  }
}

async function find(lines: AsyncGenerator<string>, what: RegExp): Promise<string> {
  const seen: string[] = [];
  for (let next = await lines.next(); !next.done; next = await lines.next()) {
    if (what.test(next.value)) return next.value;
    seen.push(next.value);
  }
  throw new Error(`no line matches ${what}: ${seen.join("\n")}`);
}

/** Ends some attempts to connect, in the place of a server that was stopped. */
async function refuse({ socket }: Ovsdb, attempts: number): Promise<void> {
  const listener = Deno.listen({ transport: "unix", path: socket });
  for (let attempt = 0; attempt < attempts; attempt++) (await listener.accept()).close();
  listener.close();
}

Deno.test("show --watch follows mirrors and survives a restart of the server", async () => {
  await using host = await Host.start();
  await using watch = new Watch(host.db);
  const producer = (await host.addPod()).producer();
  await producer.add();
  assertMatch(await watch.line(/m1/), /^\S+Z br1 m1: no output; 1 source; output none$/);
  await host.db.stop();
  assertMatch(await watch.errorLine(/lost/), /^\S+Z lost unix:\S+ \(.*\), trying again$/);
  await refuse(host.db, 2);
  await host.db.run();
  assertMatch(await watch.errorLine(/./), /^\S+Z connected to unix:\S+ again$/);
  await (await host.addPod()).consumer().add();
  await watch.line(/ br1 m1: veth2 joined as output$/);
  await watch.line(/ br1 m1: waiting for the switch; 1 source; output veth2$/);
  await host.db.removePort("br1", "veth2");
  await producer.del();
  await watch.line(/ br1 m1: gone$/);
  assertEquals(await watch.end("SIGINT"), { success: true, code: 0, signal: null });
});

Deno.test("show --watch names pods that come while it runs", async () => {
  await using host = await Host.start();
  await using watch = new Watch(host.db, { OVS_MIRROR_CACHE_DIR: host.cache });
  await (await host.addPod()).producer().add();
  await watch.line(/ br1 m1: no output/);
  const env = { CNI_ARGS: "K8S_POD_NAMESPACE=ns;K8S_POD_NAME=ids" };
  await (await host.addPod()).consumer().with({ env }).add();
  assertMatch(await watch.line(/ joined as output$/), / br1 m1: ns\/ids \(veth2\) joined/);
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`show --watch ends in good order on ${signal} while there is no server`, async () => {
    await using host = await Host.start();
    await (await host.addPod()).producer().add();
    await using watch = new Watch(host.db);
    await watch.line(/m1/);
    await host.db.stop();
    await watch.errorLine(/lost/);
    assertEquals(await watch.end(signal), { success: true, code: 0, signal: null });
  });
}

Deno.test("show --watch gives up if it never was connected", async () => {
  await using db = await Ovsdb.start();
  await db.stop();
  await using watch = new Watch(db);
  await watch.errorLine(
    /^ovs-mirror-producer: cannot connect to unix:\S+ \(NotFound\); /,
  );
});

Deno.test({
  name: "show tells which mirrors of a switch carry packets, and which do not",
  ignore: await lacksSwitch(),
  async fn() {
    await using vswitch = await Switch.start();
    await vswitch.addBridges(BRIDGE);
    const pods = new Deployment(createRuntime(vswitch.db, vswitch.node), vswitch.node);
    const [testCase] = CASES;
    await pods.add(testCase!.pods);
    await vswitch.settle();
    await using watch = new Watch(vswitch.db);
    await watch.line(/ mirror-2: no output; 1 source; output none$/);
    await send(testCase!, pods);
    await until(
      "mirror-1 to be counted",
      async () => (await vswitch.mirroredPackets()).get("mirror-1")! > 0,
    );
    await watch.line(/ mirror-1: has carried; 1 source; output \S+; \d+ packets, \d+ B\b/);
    const { code, stdout } = await command(["show", "--socket", vswitch.db.socket]);
    assertEquals(code, 1);
    assertMatch(stdout, /^mirror-1 +\S+ +ours +\d+ +\d+ B +0 {2}has carried {2}/m);
    assertMatch(stdout, /^mirror-2 +\S+ +ours +- +- +- {2}no output {2}/m);
    await pods.del();
  },
});

Deno.test({
  name:
    "show --watch shows problems first on a short screen, ends by q and leaves the terminal as it was",
  ignore: lacks({ script: "bsdutils", stty: "coreutils" }),
  async fn() {
    await using host = await Host.start();
    for (let index = 0; index < 9; index++) {
      await host.db.addMirror("br1", { name: `foreign-${index}` });
    }
    await (await host.addPod()).producer({ mirrors: [both("ours")] }).add();
    const watch = `${executable("producer")} show --watch --socket ${host.db.socket}`;
    const line = `stty cols 120 rows 6; ${watch}; echo "status $?"; stty -a | grep -ow -- -*icanon`;
    const child = new Deno.Command("timeout", {
      args: ["30", "script", "-qec", line, "/dev/null"],
      env: { NO_COLOR: "1", TERM: "xterm" },
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    const writer = child.stdin.getWriter();
    let stdout = "";
    for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
      const isNew = !stdout.includes("lines more");
      stdout += text;
      if (isNew && stdout.includes("lines more")) await writer.write(new TextEncoder().encode("q"));
    }
    await writer.close().catch(() => {});
    await child.status;
    const [drawn] = stdout.split("status");
    assertMatch(drawn!, /\bours +br1 .*no output/);
    assertMatch(drawn!, /lines more\)/);
    assertMatch(stdout, /status 0\r\nicanon\r\n$/);
  },
});
