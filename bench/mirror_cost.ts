/**
 * What mirrors cost the userspace datapath: processor cycles for a packet, and packets that one
 * core forwards a second, with 0, 1, 4 and 32 mirrors of a source, each with an output of its own.
 *
 * `scripts/deno run -A bench/mirror_cost.ts [ROUNDS]`, on a machine with a core to spare
 *
 * The switch is a private one with dummy ports, so what devices and the kernel take is not in it,
 * and packets come one by one, where a device hands over up to 32.
 *
 * @module
 */

import { Ovsdb } from "../tests/support/ovs/ovsdb.ts";
import { runSwitch } from "../tests/support/ovs/vswitchd.ts";
import { succeed } from "../tests/support/run/process.ts";
import { spread } from "./statistics.ts";

const MIRRORS = [0, 1, 4, 32];
const rounds = Number(Deno.args[0] ?? 20);
/** Calls a round, and packets a call: a dummy port queues 100. */
const [CALLS, BURST] = [50, 90];

/** A UDP packet of 106 bytes. */
const packet = (port: number, from: number, to: number) =>
  `in_port(${port}),eth(src=50:54:00:00:00:0${from},dst=50:54:00:00:00:0${to}),` +
  `eth_type(0x0800),ipv4(src=10.0.0.${from},dst=10.0.0.${to},proto=17,tos=0,ttl=64,frag=no),` +
  "udp(src=1,dst=2)";

/** Ends after a minute, should the switch not answer. */
const bounded = (...command: string[]) => succeed("timeout", "60", ...command);

await using db = await Ovsdb.start();
await using _switch = runSwitch(db, "--enable-dummy");
const vsctl = (...args: string[]) => bounded("ovs-vsctl", `--db=unix:${db.socket}`, ...args);
await vsctl("add-br", "br1", "--", "set", "bridge", "br1", "datapath_type=dummy");
const pid = (await Deno.readTextFile(`${db.directory}/ovs-vswitchd.pid`)).trim();
const appctl = (...args: string[]) =>
  bounded("ovs-appctl", "-t", `${db.directory}/ovs-vswitchd.${pid}.ctl`, ...args);

const addPort = (name: string, type: string) =>
  vsctl("add-port", "br1", name, "--", "set", "interface", name, `type=${type}`);
// Its own thread polls the source's port, and counts its cycles.
await addPort("source", "dummy-pmd");
await addPort("sink", "dummy");

/** Cycles for a packet, and the thread's cycles a second. */
async function measure(): Promise<{ cycles: number; rate: number }> {
  await appctl("dpif-netdev/pmd-stats-clear");
  const start = performance.now();
  for (let call = 0; call < CALLS; call++) {
    await appctl("netdev-dummy/receive", "source", ...Array(BURST).fill(packet(1, 1, 2)));
  }
  const stats = await appctl("dpif-netdev/pmd-stats-show");
  const seconds = (performance.now() - start) / 1000;
  const [, all, received] = /avg cycles per packet: \S+ \((\d+)\/(\d+)\)/.exec(stats)!;
  const [, cycles] = /avg processing cycles per packet: (\S+)/.exec(stats)!;
  if (Number(received) < CALLS * BURST * 0.9) throw new Error(`${received} packets were taken`);
  return { cycles: Number(cycles), rate: Number(all) / seconds };
}

console.log("| mirrors | cycles a packet | packets a second of a core |");
console.log("| ------- | --------------- | -------------------------- |");
let made = 0;
for (const mirrors of MIRRORS) {
  for (; made < mirrors; made++) {
    const name = `out${made}`;
    await addPort(name, "dummy");
    await vsctl(
      ...["--", "--id=@s", "get", "port", "source", "--", "--id=@o", "get", "port", name],
      ...["--", "--id=@m", "create", "mirror", `name=m${made}`, "select_src_port=@s"],
      ...["output_port=@o", "--", "add", "bridge", "br1", "mirrors", "@m"],
    );
  }
  // Some versions leave flows as they are when a mirror is added.
  await appctl("revalidator/purge");
  // So that the switch knows where the sink is, and does not flood.
  await appctl("netdev-dummy/receive", "sink", packet(2, 2, 1));
  await measure();
  const [, actions] = /in_port\(1\).* actions:(\S+)/.exec(await appctl("dpctl/dump-flows"))!;
  if (actions!.split(",").length !== mirrors + 1) throw new Error(`packets go to ${actions}`);
  const found = [];
  for (let round = 0; round < rounds; round++) found.push(await measure());
  const { low, median, high } = spread(found.map(({ cycles }) => cycles));
  const perSecond = spread(found.map(({ cycles, rate }) => rate / cycles)).median;
  const cycles = `${Math.round(median)} (${Math.round(low)} to ${Math.round(high)})`;
  console.log(`| ${mirrors} | ${cycles} | ${Math.round(perSecond)} |`);
}
