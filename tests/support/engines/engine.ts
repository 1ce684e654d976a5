/**
 * What container engines have in common, and a trial that each has to pass.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import type { ContainerHost } from "./container_host.ts";
import { read } from "../project/documents.ts";
import { parseFrame } from "../packets/frame.ts";
import { until } from "../run/process.ts";
import { dialogue, PINGS } from "../packets/traffic.ts";

/** A network of CNI: the content of a file that ends in `.conflist`. */
export type NetworkFile = string;

/** A container engine on a node. Its containers have one network, and interface `eth0` in it. */
export interface Engine {
  /** Names of executables of which none may be left when all containers are removed. */
  readonly programs: readonly string[];
  /** Whether it deletes without a network namespace, so that `ovs` does not know its ports. */
  readonly leavesPorts?: boolean;
  /** Starts a container that may open raw sockets. */
  start(name: string, network: NetworkFile, ...command: string[]): Promise<void>;
  /** Runs a program in a container, to its end, and returns what it printed. */
  exec(name: string, ...command: string[]): Promise<string>;
  /** All that a container has written so far, in all its lives. */
  output(name: string): Promise<string>;
  /** Ends what runs in a container, as if it had died. */
  kill(name: string): Promise<void>;
  /** Starts a container again, which is ended before if it still runs. */
  restart(name: string): Promise<void>;
  /** Ends and removes a container. */
  remove(name: string): Promise<void>;
}

/** Command of the consumer: it writes a line per frame. */
const TCPDUMP = ["tcpdump", "-Z", "root", "-i", "eth0", "-n", "-e", "-t", "-l"];
const SLEEP = ["sleep", "3600"];

/**
 * Puts two producers and a consumer in containers, in the networks of the document on
 * Podman: traffic is mirrored, also after restarts and deaths, and nothing is left at the end.
 *
 * @param engine The engine, with no container yet.
 */
export async function tryOut(host: ContainerHost, engine: Engine): Promise<void> {
  const networks = read("docs/PODMAN.md").matchAll(/```json\n([^`]+)```/g);
  const [web, ids] = Array.from(networks, ([, list]) => list!);
  const trial = new Trial(host, engine);
  await engine.start("ids", ids!, ...TCPDUMP);
  await engine.start("web-1", web!, ...SLEEP);
  await engine.start("web-2", web!, ...SLEEP);
  await trial.mirrors("all is new");
  await engine.restart("web-1");
  await trial.mirrors("a producer was restarted");
  await engine.restart("ids");
  await trial.mirrors("the consumer was restarted");
  await engine.kill("web-2");
  await trial.hasSources(1);
  await engine.restart("web-2");
  await trial.mirrors("a producer has died and is back");
  for (const name of ["web-2", "ids", "web-1"]) await engine.remove(name);
  const left = await host.leftovers("busybox", "tcpdump", ...engine.programs);
  assertEquals(left.filter((what) => !(engine.leavesPorts && what.startsWith("port "))), []);
}

/** A consumer `ids` that captures, and producers `web-1` and `web-2` that talk. */
class Trial {
  readonly #expected: string[] = [];
  #lives = 0;

  constructor(readonly host: ContainerHost, readonly engine: Engine) {}

  /** Makes sure that what the producers say to each other is captured, once and in order. */
  async mirrors(when: string): Promise<void> {
    await this.hasSources(2);
    await this.#listens();
    const [from, to] = [await this.#address("web-1"), await this.#address("web-2")];
    await this.engine.exec("web-1", "ping", "-q", "-c", String(PINGS), "-i", "0.2", "-W", "5", to);
    this.#expected.push(...dialogue(from, to));
    const captured = await until(`all pings to be captured when ${when}`, async () => {
      const echoes = (await this.#output()).flatMap((line) => parseFrame(line).echo ?? []);
      return echoes.length >= this.#expected.length && echoes;
    });
    assertEquals(captured, this.#expected, when);
  }

  /** Waits until the mirror has as many sources, and an output. */
  async hasSources(count: number): Promise<void> {
    await until(`${count} sources and an output`, async () => {
      const [mirror, ...others] = await this.host.vswitch.db.mirrors();
      return others.length === 0 && mirror?.src.length === count && mirror.output !== undefined;
    });
  }

  /** Waits until the capture of this life of the consumer has begun. */
  async #listens(): Promise<void> {
    const { output } = (await this.host.vswitch.db.mirrors())[0]!;
    if (output !== this.#port) this.#lives++;
    this.#port = output;
    await until("the consumer to listen", async () => {
      const times = (await this.#output()).filter((line) => line.includes("listening on")).length;
      return times === this.#lives;
    });
  }
  #port?: string;

  async #output(): Promise<string[]> {
    return (await this.engine.output("ids")).split("\n");
  }

  async #address(name: string): Promise<string> {
    const shown = await this.engine.exec(name, "ip", "-4", "-o", "address", "show", "dev", "eth0");
    return /inet ([\d.]+)/.exec(shown)![1]!;
  }
}
