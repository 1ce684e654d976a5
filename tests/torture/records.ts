/**
 * Records that come again, are unreadable, or tell of what is hung, dead or renamed: no fault takes
 * what has nothing to do with it along, and in the end nothing is left.
 *
 * @module
 */

import { stringMap } from "../../lib/ovsdb/value.ts";
import type { ChainedPlugin } from "../support/cni/chained.ts";
import { Host, type Pod } from "../support/cni/host.ts";
import type { RoleName } from "../support/cni/plugin.ts";
import { Ovsdb } from "../support/ovs/ovsdb.ts";
import type { Random } from "./random.ts";
import { same, type Tally } from "./tally.ts";

const ROLES = ["producer", "consumer"] as const;

/** Events in one round, before its end. */
const EVENTS = 8;

/** Seconds for a call while a database hangs; it takes half of them. */
const SHORT = "4";

/** A pod's sandbox and what is attached of it. */
interface Member {
  pod: Pod;
  role: RoleName;
  db: Ovsdb;
  uid: string;
  mirror: string;
  netns: string;
}

/** What has a say in a round. */
interface Round {
  host: Host;
  tally: Tally;
  random: Random;
  members: Member[];
}

/**
 * Runs rounds, each on two databases of its own.
 *
 * @param tally Where the outcomes are counted.
 * @param random Chooses what happens.
 * @param rounds How many.
 */
export async function troubleRecords(tally: Tally, random: Random, rounds: number): Promise<void> {
  for (let count = 0; count < rounds; count++) {
    await using host = await Host.start();
    await using other = await Ovsdb.start();
    await other.addBridges("br1");
    await Deno.mkdir(`${host.db.directory}/netns`);
    const round: Round = { host, tally, random, members: [] };
    for (let index = 0; index < 6; index++) await join(round, random.pick([host.db, other]), index);
    for (let event = 0; event < EVENTS; event++) {
      await random.pick([comeAgain, nextSandbox, rename, die])(round);
    }
    await makeUnreadable(round);
    await end(round, random.chance(0.5) ? host.db : other, [host.db, other]);
  }
}

async function join(round: Round, db: Ovsdb, index: number): Promise<void> {
  const role = round.random.pick(ROLES);
  const member = { role, db, uid: `uid-${index}`, mirror: `m${index}` };
  round.members.push(await sandbox(round, member));
  await call(round, round.members.at(-1)!, "ADD");
}

/** A sandbox with a network namespace and a port; the port's row is in the member's database. */
async function sandbox({ host }: Round, member: Omit<Member, "pod" | "netns">): Promise<Member> {
  const pod = await host.addPod();
  const netns = `${host.db.directory}/netns/${pod.containerId}`;
  await Deno.writeTextFile(netns, "");
  await host.db.removePort("br1", pod.port);
  const marks = { contNetns: netns, contIface: pod.ifname, contPodUid: member.uid };
  await member.db.addPortRows("br1", { external_ids: stringMap(marks) }, pod.port);
  return { ...member, pod, netns };
}

function plugin({ pod, role, db, uid, mirror, netns }: Member, config = {}): ChainedPlugin {
  const mirrors = [{ name: mirror, ingress: true }];
  return pod[role]({ cniVersion: "1.1.0", socket_file: db.socket, mirrors, ...config }).with({
    env: { CNI_NETNS: netns, CNI_ARGS: `K8S_POD_NAMESPACE=n;K8S_POD_NAME=p;K8S_POD_UID=${uid}` },
  });
}

async function call({ tally }: Round, member: Member, command: string, config = {}): Promise<void> {
  const { code, stdout } = await plugin(member, config).call(command);
  tally.cases++;
  tally.require(code === 0, () => `${command} of ${member.pod.containerId}: ${stdout}`);
}

/** The same ids come again with another port, and no DEL in between. */
async function comeAgain(round: Round): Promise<void> {
  const member = round.random.pick(round.members);
  const { db, pod, uid, netns } = member;
  const port = `again${round.tally.cases}`;
  for (const { name } of await db.rows("Port", ["name", "external_ids"])) {
    if (name === pod.port) await db.removePort("br1", pod.port);
  }
  const marks = { contNetns: netns, contIface: pod.ifname, contPodUid: uid };
  await db.addPortRows("br1", { external_ids: stringMap(marks) }, port);
  const prevResult = { cniVersion: "1.1.0", interfaces: [{ name: port }] };
  await call(round, member, "ADD", { prevResult });
  await call(round, member, "CHECK", { prevResult });
  round.tally.faults++;
}

/** A runtime that died asks for the next sandbox of a pod, and never deletes the one before. */
async function nextSandbox(round: Round): Promise<void> {
  const index = round.random.below(round.members.length);
  const old = round.members[index]!;
  const next = await sandbox(round, old);
  await call(round, next, "ADD");
  await call(round, next, "CHECK");
  round.members[index] = next;
  const entry = `${old.pod.containerId}-`;
  const isLeft = round.host.entries().some(({ name }) => name.startsWith(entry));
  round.tally.require(!isLeft, () => `record ${entry} is left`);
  round.tally.faults++;
}

/** An administrator gives a mirror another name; the network's configuration stays. */
async function rename({ random, members, tally }: Round): Promise<void> {
  const { db, mirror } = random.pick(members);
  const row = { name: `${mirror}-renamed${tally.cases}` };
  await db.transact([{ op: "update", table: "Mirror", where: [["name", "==", mirror]], row }]);
  tally.faults++;
}

/** A consumer dies without a DEL, and another pod takes its output. */
async function die(round: Round): Promise<void> {
  const old = round.members.find(({ role }) => role === "consumer");
  if (!old) return;
  await Deno.remove(old.netns);
  const next = await sandbox(round, { ...old, uid: `uid-after-${round.tally.cases}` });
  await call(round, next, "ADD");
  await call(round, next, "CHECK");
  round.members[round.members.indexOf(old)] = next;
  round.tally.faults++;
}

/** GC of nothing tells of a record that is a link, and GC with `null` takes nothing that lives. */
async function makeUnreadable(round: Round): Promise<void> {
  const { host, tally, members } = round;
  const before = await host.entries();
  const nothing = { "cni.dev/valid-attachments": null };
  for (const role of ROLES) {
    const { code, stdout } = await host.plugin(role, nothing).call("GC");
    tally.cases++;
    tally.require(code === 0, () => `GC with null: ${stdout}`);
  }
  const living = members.map(({ pod, role }) => `${pod.containerId}-eth1_${role.slice(0, 4)}`);
  const names = host.entries().map(({ name }) => name);
  tally.require(living.every((name) => names.includes(name)), () => `GC with null took ${names}`);
  await Deno.symlink("/nonexistent", `${host.cache}/link_prod`);
  const valid = before.map(({ name }) => {
    const [, containerID, ifname] = /^(.*)-(.*)_/.exec(name)!;
    return { containerID, ifname };
  });
  const { json } = await host.plugin("producer", { "cni.dev/valid-attachments": valid }).call("GC");
  tally.cases++;
  tally.faults++;
  tally.require(json?.code === 5, () => `GC beside a link: ${JSON.stringify(json)}`);
  await Deno.remove(`${host.cache}/link_prod`);
}

/** All goes while one database hangs, and what it has once it goes on. */
async function end({ host, tally }: Round, hung: Ovsdb, all: Ovsdb[]): Promise<void> {
  const nothing = { "cni.dev/valid-attachments": [] };
  const pid = await hung.pid();
  Deno.kill(pid, "SIGSTOP");
  tally.faults++;
  try {
    for (const role of ROLES) {
      const gc = host.plugin(role, nothing).with({ env: { OVS_MIRROR_TIMEOUT: SHORT } });
      await gc.call("GC");
      tally.cases++;
    }
    const other = all.find((db) => db !== hung)!;
    const left = host.entries().filter(({ content }) => content?.includes(other.socket));
    tally.require(
      left.length === 0,
      () => `beside a hung database ${left.map(({ name }) => name)}`,
    );
  } finally {
    Deno.kill(pid, "SIGCONT");
  }
  for (const role of ROLES) await host.plugin(role, nothing).call("GC");
  const used = await Promise.all(
    all.map(async (db) =>
      (await db.mirrors()).filter(({ src, dst, output }) => src.length + dst.length > 0 || output)
    ),
  );
  tally.require(
    same([used, host.entries()], [[[], []], []]),
    () => `left: ${JSON.stringify(used)}`,
  );
}
