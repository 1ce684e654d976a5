import { assert, assertEquals } from "@std/assert";
import { readStringMap } from "../../lib/ovsdb/value.ts";
import type { ChainedPlugin } from "../support/cni/chained.ts";
import { Host, ours, type Pod } from "../support/cni/host.ts";
import { lacksSwitch } from "../support/run/lacks_switch.ts";
import { assertFailure } from "../support/cni/outcome.ts";
import { until } from "../support/run/process.ts";
import { replaceDatabase } from "../support/ovs/schema.ts";
import { Switch } from "../support/ovs/switch.ts";

const ignore = await lacksSwitch();

/** How long a call may take, in seconds. */
const DEADLINE = 2;

/** What a call may take beyond that on a busy machine, in milliseconds. */
const MARGIN = 4000;

const NUMBERS = { table: "Open_vSwitch", where: [] } as const;

/** A plugin that waits for the switch, as on a node. */
function waiting(plugin: ChainedPlugin, seconds = DEADLINE): ChainedPlugin {
  return plugin.with({
    env: { OVS_MIRROR_WAIT: undefined, OVS_MIRROR_TIMEOUT: String(seconds) },
  });
}

/** Runs something that must end when the time of one call is over. */
async function inTime<T>(action: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const value = await action();
  const took = performance.now() - start;
  assert(took < DEADLINE * 1000 + MARGIN, `it took ${took} ms`);
  return value;
}

/** ADD must fail and leave the attachment to DEL, which must take it back. */
async function addFails(pod: Pod, code: number, ...words: string[]): Promise<void> {
  const plugin = waiting(pod.producer());
  assertFailure(await inTime(() => plugin.call("ADD")), code, ...words);
  assertEquals(pod.host.entries().length, 1);
  await pod.host.assertMirrors(ours("m1", { src: [pod.port], dst: [pod.port] }));
  await inTime(() => plugin.del());
  assertEquals(pod.host.entries(), []);
  await pod.host.assertMirrors();
}

/** Waits until a mirror is there, and with it the call that waits for the switch. */
async function untilAttached({ db }: Host): Promise<void> {
  await until("the mirror", async () => (await db.mirrors()).length > 0);
}

async function setNumbers({ db }: Host, row: { cur_cfg?: number; next_cfg?: number }) {
  await db.transact([{ op: "update", ...NUMBERS, row }]);
}

async function wantedNumber({ db }: Host): Promise<number> {
  const [row] = await db.rows("Open_vSwitch", ["next_cfg"]);
  return Number(row!.next_cfg);
}

Deno.test("without a switch ADD says so in time, and DEL takes back what it did", async () => {
  await using host = await Host.start();
  const pod = await host.addPod();
  await addFails(pod, 11, "ovs-vswitchd has not taken the mirror up", "running");
  await waiting(pod.producer()).with({ env: { OVS_MIRROR_WAIT: "0" } }).add();
  // However much time it has: the switch may never come.
  await inTime(() => waiting(pod.producer(), 60).del());
});

Deno.test("ADD changes a setting of its port, so that the switch looks at running flows again", async () => {
  await using host = await Host.start();
  const pods = [await host.addPod(), await host.addPod()] as const;
  await host.addPod();
  await pods[0].producer().add();
  await pods[1].consumer().add();
  const ports = await host.db.rows("Port", ["name", "other_config"]);
  const changed = ports.filter(({ other_config }) => readStringMap(other_config).size > 0);
  assertEquals(changed.map(({ name }) => name).toSorted(), pods.map(({ port }) => port));
});

Deno.test("no member of a configuration turns the wait off", async () => {
  await using host = await Host.start();
  const config = { wait: false, OVS_MIRROR_WAIT: "0", args: { OVS_MIRROR_WAIT: "0" } };
  const plugin = waiting((await host.addPod()).producer(config));
  const outcome = await plugin.with({ env: { CNI_ARGS: "OVS_MIRROR_WAIT=0" } }).call("ADD");
  assertFailure(outcome, 11);
});

Deno.test("a number that jumps past the change counts, one that goes back does not", async (t) => {
  await using host = await Host.start();
  await t.step("jumps", async () => {
    const pod = await host.addPod();
    const plugin = waiting(pod.producer(), 20);
    const adding = plugin.add();
    await untilAttached(host);
    await setNumbers(host, { cur_cfg: await wantedNumber(host) + 1000 });
    await adding;
    await plugin.del();
  });
  await t.step("goes back", async () => {
    await setNumbers(host, { cur_cfg: 5, next_cfg: 7 });
    const pod = await host.addPod();
    const adding = waiting(pod.producer()).call("ADD");
    await untilAttached(host);
    await setNumbers(host, { cur_cfg: 3 });
    assertFailure(await inTime(() => adding), 11, "ovs-vswitchd has not taken the mirror up");
  });
});

for (const [title, cur_cfg] of [["ahead", 1000], ["too long to be exact", 2 ** 60]] as const) {
  switchTest(`a number of the switch that is ${title} is no sign of it`, async (host, vswitch) => {
    const pods = [await addOpenPod(host), await addOpenPod(host)] as const;
    await waiting(pods[1].producer(), 20).add();
    await vswitch.settle();
    await vswitch.endSwitch("SIGSTOP");
    await setNumbers(host, { cur_cfg, next_cfg: cur_cfg === 1000 ? 7 : 2 ** 59 });
    const plugin = waiting(pods[0].producer());
    assertFailure(await inTime(() => plugin.call("ADD")), 11, "ovs-vswitchd has not taken");
    const deleting = waiting(pods[1].producer(), 60).del();
    await vswitch.endSwitch("SIGCONT");
    await deleting;
    await waiting(pods[0].producer(), 20).add();
  });
}

Deno.test("others that number their changes meanwhile do not hold ADD up", async () => {
  await using host = await Host.start();
  const pod = await host.addPod();
  const adding = waiting(pod.producer(), 20).add();
  await untilAttached(host);
  const number = await wantedNumber(host);
  const counting = { op: "mutate", ...NUMBERS, mutations: [["next_cfg", "+=", 1]] } as const;
  await Promise.all(Array.from({ length: 10 }, () => host.db.transact([counting])));
  assertEquals(await wantedNumber(host), number + 10);
  await setNumbers(host, { cur_cfg: number });
  await adding;
});

Deno.test("a port that goes while ADD waits is named", async () => {
  await using host = await Host.start();
  const pod = await host.addPod();
  const plugin = waiting(pod.producer(), 20);
  const adding = plugin.call("ADD");
  await untilAttached(host);
  await host.db.removePort("br1", pod.port);
  await setNumbers(host, { cur_cfg: await wantedNumber(host) });
  assertFailure(await adding, 109, `"${pod.port}"`, '"br1"', "is gone");
  await plugin.del();
  await host.assertMirrors();
  assertEquals(host.entries(), []);
});

Deno.test("where changes are not numbered, nothing is changed", async (t) => {
  for (const column of ["next_cfg", "cur_cfg"]) {
    await t.step(`without ${column}`, async () => {
      await using host = await Host.start();
      await replaceDatabase(host.db, ({ Open_vSwitch }) => delete Open_vSwitch!.columns[column]);
      await host.db.addBridges("br1");
      const plugin = waiting((await host.addPod()).producer());
      await plugin.fails("ADD", 107, `no column "${column}"`);
      await plugin.unchanged(() => plugin.del());
    });
  }
});

/** Runs a test on a switch. Pods have ports that it can open, but for those that are asked for. */
function switchTest(name: string, fn: (host: Host, vswitch: Switch) => Promise<void>): void {
  Deno.test({ name, ignore }, async () => {
    await using vswitch = await Switch.start();
    await vswitch.addBridges("br1");
    await fn(Host.of(vswitch.db), vswitch);
  });
}

async function addOpenPod(host: Host): Promise<Pod> {
  const pod = await host.addPod();
  const where = [["name", "==", pod.port]] as const;
  await host.db.transact([{ op: "update", table: "Interface", where, row: { type: "dummy" } }]);
  return pod;
}

switchTest("a port that the switch can't open is an error that says why", async (host) => {
  await addFails(await host.addPod(), 109, '"veth1"', '"br1"', "No such device");
  const pod = await addOpenPod(host);
  await waiting(pod.producer()).add();
  await waiting(pod.producer()).del();
});

switchTest("ADD outlasts a switch that stands still for a while", async (host, vswitch) => {
  const pod = await addOpenPod(host);
  await vswitch.settle();
  await vswitch.endSwitch("SIGSTOP");
  const adding = waiting(pod.consumer(), 20).add();
  await untilAttached(host);
  await new Promise((resolve) => setTimeout(resolve, 500));
  await vswitch.endSwitch("SIGCONT");
  await adding;
  await addFailsWhileStopped(host, vswitch);
});

async function addFailsWhileStopped(host: Host, vswitch: Switch): Promise<void> {
  const before = await host.db.mirrors();
  const pod = await addOpenPod(host);
  await vswitch.settle();
  await vswitch.endSwitch("SIGSTOP");
  const plugin = waiting(pod.producer());
  assertFailure(await inTime(() => plugin.call("ADD")), 11, "ovs-vswitchd has not taken");
  await inTime(() => plugin.del());
  await vswitch.endSwitch("SIGCONT");
  assertEquals(await host.db.mirrors(), before);
}

switchTest("ADD outlasts a switch that is killed and started again", async (host, vswitch) => {
  const pod = await addOpenPod(host);
  await vswitch.settle();
  await vswitch.endSwitch("SIGKILL");
  const adding = waiting(pod.producer(), 30).add();
  await untilAttached(host);
  vswitch.restart();
  await adding;
  await waiting(pod.producer()).del();
  await host.assertMirrors();
});

switchTest("twenty ADDs at once are all in force", async (host, vswitch) => {
  const pods = await Promise.all(Array.from({ length: 20 }, () => addOpenPod(host)));
  await vswitch.settle();
  await Promise.all(pods.map((pod) => waiting(pod.producer(), 30).add()));
  const [mirror] = await host.db.mirrors();
  assertEquals(mirror!.src.toSorted(), pods.map(({ port }) => port).toSorted());
  await Promise.all(pods.map((pod) => waiting(pod.producer(), 30).del()));
  await host.assertMirrors();
});
