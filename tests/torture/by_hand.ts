/**
 * Random steps of what is attached by hand and what pods attach themselves, with commands that are
 * killed at any request to the database.
 *
 * @module
 */

import { attachPort } from "../../lib/cli/attach/command.ts";
import { parseAttach } from "../../lib/cli/attach/request.ts";
import { CommandError } from "../../lib/cli/errors.ts";
import { Refusal } from "../../lib/mirror/refusal.ts";
import { consumer, producer } from "../../lib/mirror/role.ts";
import { Client } from "../../lib/ovsdb/client.ts";
import { parseEndpoint } from "../../lib/ovsdb/endpoint.ts";
import { readStringMap, stringMap, uuid, uuids } from "../../lib/ovsdb/value.ts";
import { takeBack } from "../../lib/plugin/by_hand.ts";
import { Deadline } from "../../lib/plugin/deadline.ts";
import { type Connection, Session } from "../../lib/plugin/database/session.ts";
import { FileDirectory } from "../../lib/plugin/records/directory.ts";
import { Host, type Pod } from "../support/cni/host.ts";
import type { Random } from "./random.ts";
import { same, type Tally } from "./tally.ts";

const PODS = 4;
const MIRRORS = ["m1", "m2"];
/** Requests of a command, about; it is killed at one of them or not at all. */
const REQUESTS = 12;
/** Steps between two looks at what is left when all has ended. */
const ROUND = 20;

/** A pod's attachments by hand: the directions by mirror. */
type Own = Map<Pod, { name: string; ingress: boolean; egress: boolean }>;

class Killed extends Error {}

/**
 * Takes steps.
 *
 * @param options How many.
 */
export async function attachByHands(
  tally: Tally,
  options: { random: Random; steps: number },
): Promise<void> {
  await using host = await Host.withSwitch();
  const hands = new Hands(host, tally, options.random);
  await hands.addPods();
  for (let step = 1; step <= options.steps; step++) {
    await hands.step();
    tally.cases++;
    if (step % ROUND === 0) await hands.end();
    if (tally.losses.length > 0) return;
  }
  await hands.endAll();
}

class Hands {
  readonly #pods: Pod[] = [];
  readonly #own: Own = new Map();
  #number = 0;

  constructor(readonly host: Host, readonly tally: Tally, readonly random: Random) {}

  async addPods(): Promise<void> {
    while (this.#pods.length < PODS) this.#pods.push(await this.host.addPod());
  }

  async step(): Promise<void> {
    const pod = this.random.pick(this.#pods);
    const kinds = ["attach", "attach", "attach", "detach", "add", "del", "end", "restart", "both"];
    const kind = this.random.pick(kinds);
    switch (kind) {
      case "attach":
        await this.#attach(pod);
        break;
      case "detach":
        await this.#detach(pod);
        break;
      case "add":
        await this.#add(pod);
        break;
      case "del":
        await this.#del(pod);
        break;
      case "end":
        await this.#endEntries();
        break;
      case "restart":
        await this.#restart(pod);
        break;
      case "both":
        await Promise.all([
          this.#attach(pod),
          this.#own.has(pod) ? this.#del(pod) : this.#add(pod),
        ]);
    }
    this.tally.sum(kind!, 1);
    await this.#holds(kind!);
  }

  /** All that was attached by hand ends; what pods attached themselves is left, and nothing else. */
  async end(): Promise<void> {
    await this.#endEntries();
    await this.#session(async (session) => void await takeBack(session, this.#records()));
    const expected = MIRRORS.flatMap((name) => {
      const ports = (direction: "ingress" | "egress") =>
        Array.from(this.#own).filter(([, one]) => one.name === name && one[direction])
          .map(([{ port }]) => port).sort();
      const [src, dst] = [ports("ingress"), ports("egress")];
      return src.length + dst.length > 0 ? [{ name, src, dst, output: undefined }] : [];
    });
    const found = (await this.host.db.mirrors()).map(({ name, src, dst, output }) => ({
      name,
      src: src.toSorted(),
      dst: dst.toSorted(),
      output,
    })).sort((a, b) => a.name < b.name ? -1 : 1);
    this.tally.require(
      same(found, expected),
      () => `after all ended: ${JSON.stringify(found)} in place of ${JSON.stringify(expected)}`,
    );
    const rows = await this.host.db.rows("Mirror", ["external_ids"]);
    const marks = rows.flatMap(({ external_ids }) => [...readStringMap(external_ids).keys()])
      .filter((key) => key.startsWith("ovs-mirror-hand"));
    const ports = (await this.host.db.rows("Port", ["name"])).map(({ name }) => String(name))
      .filter((name) => name.startsWith("cap"));
    this.tally.require(
      marks.length + ports.length === 0,
      () => `after all ended there are ${[...marks, ...ports]}`,
    );
  }

  async endAll(): Promise<void> {
    for (const pod of this.#pods) await this.#del(pod);
    await this.end();
  }

  async #attach(pod: Pod): Promise<void> {
    const words = ["--port", pod.port, "--mirror", this.random.pick(MIRRORS)!];
    const role = this.random.below(5) === 0 ? consumer : producer;
    if (role === producer) {
      words.push(...this.random.pick([[], ["--ingress"], ["--egress"]])!);
      if (this.random.below(3) === 0) words.push("--internal", `cap${this.#number++}`);
    } else if (this.random.below(2) === 0) words.push("--vlan", "7");
    if (role === consumer && this.random.below(2) === 0) words.push("--shared");
    const request = await parseAttach(words, role);
    const until = this.random.pick([undefined, 4_000_000_000]);
    await this.#session(async (session) => {
      const id = uuid(await this.host.db.port(pod.port));
      await takeBack(session, this.#records());
      const port = { id, name: pod.port, bridge: "br1" };
      await attachPort({ session }, role, request, port, until);
    }, this.random.below(2) === 0);
  }

  async #detach(pod: Pod): Promise<void> {
    const id = uuid(await this.host.db.port(pod.port));
    await this.#session(
      async (session) => void await takeBack(session, this.#records(), ({ port }) => port === id),
      this.random.below(2) === 0,
    );
  }

  async #add(pod: Pod): Promise<void> {
    if (this.#own.has(pod)) return;
    const [ingress, egress] = this.random.pick([[true, true], [true, false], [false, true]])!;
    const mirror = { name: this.random.pick(MIRRORS)!, ingress: ingress!, egress: egress! };
    const { code, stdout } = await pod.producer({ mirrors: [mirror] }).call("ADD");
    if (code === 0) return void this.#own.set(pod, mirror);
    // By hand it may be the output of the same mirror.
    this.tally.require(stdout.includes("both source and output"), () => `ADD: ${stdout}`);
  }

  async #del(pod: Pod): Promise<void> {
    const mirror = this.#own.get(pod);
    if (!mirror) return;
    this.#own.delete(pod);
    await pod.producer({ mirrors: [mirror] }).del();
  }

  async #restart(pod: Pod): Promise<void> {
    await this.#del(pod);
    await this.host.db.removePort("br1", pod.port);
    await pod.plugIn();
  }

  /** Time passes: ends come, and what was left of a killed command grows old. */
  async #endEntries(): Promise<void> {
    for (const table of ["Mirror", "Port"]) {
      for (
        const { _uuid, external_ids } of await this.host.db.rows(table, [
          "_uuid",
          "external_ids",
        ])
      ) {
        const before = readStringMap(external_ids);
        const after = [...before].map(([key, value]) =>
          key === "ovs-mirror-hand-since"
            ? [key, "1"] as const
            : key.startsWith("ovs-mirror-hand-")
            ? [key, `${value.replace(/ until=\d+/, "")} until=1`] as const
            : [key, value] as const
        );
        if (same([...before], after)) continue;
        await this.host.db.transact([{
          op: "update",
          table,
          where: [["_uuid", "==", ["uuid", uuid(_uuid)]]],
          row: { external_ids: stringMap(Object.fromEntries(after)) },
        }]);
      }
    }
  }

  /** A pod's own attachment is there, whatever hands do. */
  async #holds(kind: string): Promise<void> {
    const rows = await this.host.db.rows("Mirror", ["name", "select_src_port", "select_dst_port"]);
    for (const [pod, { name, ingress, egress }] of this.#own) {
      const id = uuid(await this.host.db.port(pod.port));
      for (
        const [column, is] of [["select_src_port", ingress], ["select_dst_port", egress]] as const
      ) {
        const held = rows.some((row) => row.name === name && uuids(row[column]!).includes(id));
        this.tally.require(held || !is, () => `after ${kind}: ${pod.port} is not in ${name}`);
      }
    }
  }

  #records(): FileDirectory {
    return new FileDirectory(this.host.cache, new Deadline(30_000));
  }

  async #session(act: (session: Session) => Promise<void>, isKilled = false): Promise<void> {
    const signal = AbortSignal.timeout(30_000);
    const client = await Client.connect(parseEndpoint(`unix:${this.host.db.socket}`), { signal });
    const left = isKilled ? this.random.below(REQUESTS) : Infinity;
    using session = new Session(dying(client, left, this.random.below(2) === 0), "by hand");
    try {
      await act(session);
    } catch (error) {
      if (error instanceof Killed) this.tally.faults++;
      else if (!(error instanceof Refusal) && !(error instanceof CommandError)) throw error;
      else this.tally.sum("refused", 1);
    }
  }
}

/** A connection whose process is killed before its request is sent, or after that. */
function dying(client: Client, left: number, isSent: boolean): Connection {
  return {
    async transact(database, operations) {
      if (left-- > 0) return await client.transact(database, operations);
      if (left === -1 && isSent) await client.transact(database, operations);
      throw new Killed();
    },
    close: () => client.close(),
  };
}
