import { assertEquals } from "@std/assert";
import { both } from "../support/cni/chained.ts";
import { BRIDGE, network, on, ovs, pod, producer, type WantedPod } from "../support/cni/pods.ts";
import { createRuntime } from "../support/cni/runtime.ts";
import { readCache } from "../support/cni/state.ts";
import { Deployment } from "../support/deploy/deployment.ts";
import { Switch } from "../support/ovs/switch.ts";
import { type Addresses, connectHost, UNDERLAY } from "../support/ovs/underlay.ts";
import { Copies } from "../support/packets/copies.ts";
import { lacksSwitch } from "../support/run/lacks_switch.ts";
import { until } from "../support/run/process.ts";

// The underlay has its address on a tap device, which takes root.
const ignore = await lacksSwitch() || Deno.uid() !== 0;

const HOST = "192.0.2.10";
const SECOND: Addresses = {
  node: ["198.51.100.1", "2001:db8:1::1"],
  host: ["198.51.100.10", "2001:db8:1::10"],
};
/** Producers of each node, and how many come or go at the same time. */
const PRODUCERS = 50;
const AT_ONCE = 4;

/** A node with producers whose mirror goes to the host. */
class SendingNode {
  readonly pods: Deployment;
  readonly #producers: readonly WantedPod[];

  constructor(readonly vswitch: Switch, readonly number: number) {
    this.pods = new Deployment(createRuntime(vswitch.db, vswitch.node), vswitch.node);
    const mirror = { ...both("to-host"), remote: { type: "vxlan", address: HOST, key: 5 } };
    const list = network("p", ovs(100), producer(mirror));
    this.#producers = Array.from(
      { length: PRODUCERS },
      (_, index) => pod(`p${index}`, on("eth1", list, this.#address(index))),
    );
  }

  #address(index: number): string {
    return `10.1.${this.number}.${index + 1}`;
  }

  async come(): Promise<void> {
    await this.#inGroups((producers) => this.pods.add(producers));
  }

  /** Those from one on leave. */
  async leave(first: number): Promise<void> {
    await this.#inGroups((producers) => {
      const names = producers.map(({ name }) => name).filter((name) => +name.slice(1) >= first);
      return names.length > 0 ? this.pods.del(...names) : Promise.resolve();
    });
  }

  /** Each of the first producers pings the next; returns what must be copied. */
  async talk(count: number): Promise<string[]> {
    const pairs = Array.from(
      { length: count },
      (_, index) => [index, (index + 1) % count] as const,
    );
    for (const [from, to] of pairs) await this.pods.pod(`p${from}`).ping(this.#address(to), 1);
    return pairs.flatMap(([from, to]) => {
      const [one, other] = [this.#address(from), this.#address(to)];
      return [`${one} > ${other} request 1`, `${other} > ${one} reply 1`];
    });
  }

  async assertNothingLeft(link: string): Promise<void> {
    const { db } = this.vswitch;
    const ports = (await db.rows("Port", ["name"])).map(({ name }) => name);
    assertEquals(ports.sort(), [BRIDGE, UNDERLAY, link].sort());
    assertEquals([await db.mirrors(), readCache(`${db.directory}/cache`)], [[], []]);
  }

  async #inGroups(act: (producers: readonly WantedPod[]) => Promise<void>): Promise<void> {
    const groups = Map.groupBy(this.#producers, ({ name }) => +name.slice(1) % AT_ONCE);
    await Promise.all(Array.from(groups.values(), act));
  }
}

Deno.test({
  name: "a hundred producers come and go on two nodes, and one host gets each packet once",
  ignore,
  async fn() {
    await using first = await Switch.start();
    await using second = await Switch.start();
    for (const vswitch of [first, second]) await vswitch.addBridges(BRIDGE);
    const host = await first.node.addPod("host");
    await connectHost(first, host, "link0");
    await connectHost(second, host, "link1", SECOND, first.node);
    const route = [`${HOST}/32`, "via", SECOND.host[0], "dev", UNDERLAY];
    await second.node.succeed("ip", "route", "add", ...route);
    const nodes = [new SendingNode(first, 1), new SendingNode(second, 2)];
    await using one = await Copies.at(host, "link0");
    await using two = await Copies.at(host, "link1");
    const arrived = () => [...one.echoes, ...two.echoes];

    await Promise.all(nodes.map((node) => node.come()));
    for (const { vswitch: { db } } of nodes) {
      const [mirror, ...others] = await db.mirrors();
      assertEquals([mirror!.src.length, mirror!.dst.length, others], [PRODUCERS, PRODUCERS, []]);
    }
    const expected = (await Promise.all(nodes.map((node) => node.talk(PRODUCERS)))).flat();
    await until("all copies", () => arrived().length >= expected.length);
    assertEquals(arrived().sort(), expected.toSorted());

    const stay = PRODUCERS / 5;
    await Promise.all(nodes.map((node) => node.leave(stay)));
    expected.push(...(await Promise.all(nodes.map((node) => node.talk(stay)))).flat());
    await until("all copies", () => arrived().length >= expected.length);
    assertEquals(arrived().sort(), expected.toSorted());

    await Promise.all(nodes.map((node) => node.leave(0)));
    await nodes[0]!.assertNothingLeft("link0");
    await nodes[1]!.assertNothingLeft("link1");
  },
});
