/**
 * How soon an attachment is in force, on each version of Open vSwitch, and what it costs to wait
 * for that. `--quick` has fewer trials; names of versions choose them. Prints the tables and writes
 * them to `bench/results/in_force.md`; ends with status 1 if a copy came later than it should.
 *
 * @module
 */

import { dirname, fromFileUrl, join } from "@std/path";
import { succeed } from "../../tests/support/run/process.ts";
import { measureCost, measureCrowd } from "./cost.ts";
import { measureCopies } from "./copies.ts";
import { measureFlows } from "./flows.ts";
import { describeMachine } from "../machine.ts";
import { differences, spread } from "../statistics.ts";

/** Largest delay allowed for a first or last copy, in milliseconds. */
const LIMIT = 100;

/** Ports of the bridge besides those of the pods that talk. */
const IDLE_PORTS = 97;

const root = dirname(dirname(dirname(fromFileUrl(import.meta.url))));
const quick = Deno.args.includes("--quick");
const versions = Deno.args.filter((arg) => arg !== "--quick");
const { trials, rounds, crowds } = quick
  ? { trials: 5, rounds: 5, crowds: 1 }
  : { trials: 50, rounds: 20, crowds: 3 };

/** Exit statuses of a program that a signal has ended. */
const EXIT_STATUS = { SIGINT: 130, SIGTERM: 143 } as const;

const interruption = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(name, () => interruption.abort(name));
}

const path = Deno.env.get("PATH") ?? "";
const copies: string[][] = [["Open vSwitch", "running flows", "new flows", "after DEL"]];
const flows: string[][] = [["Open vSwitch", "flows", "packets missed", "the last, ms after ADD"]];
const cost: string[][] = [["Open vSwitch", "ports", "ADD", "without the wait", "the wait"]];
const crowd: string[][] = [
  ["Open vSwitch", "100 ADDs at once", "without the wait", "times that the switch changed"],
];
const late: string[] = [];
const directories = await succeed(join(root, "scripts/openvswitch.sh"), ...versions);
for (const directory of directories.trim().split("\n")) await measure(directory).catch(explain);
const text = await report();
console.log(text);
if (!quick && versions.length === 0) {
  await Deno.writeTextFile(join(root, "bench/results/in_force.md"), text);
}
for (const line of late) console.error(line);
Deno.exit(late.length > 0 ? 1 : 0);

/** Ends if a signal wants it; whatever was started is gone by now. */
function explain(error: unknown): never {
  const { aborted, reason } = interruption.signal;
  if (aborted) Deno.exit(EXIT_STATUS[reason as keyof typeof EXIT_STATUS]);
  throw error;
}

/** Adds a row to a table, and shows it at once. */
function add(rows: string[][], ...row: string[]): void {
  rows.push(row);
  console.error(row.join(" | "));
}

/** Measures one version. */
async function measure(directory: string): Promise<void> {
  const { signal } = interruption;
  // Everything that is run finds the programs of this version first.
  Deno.env.set("PATH", `${directory}:${path}`);
  const version = /\d+\.\d+\.\d+/.exec(await succeed("ovs-vswitchd", "--version"))![0];
  console.error(`Open vSwitch ${version}: ${trials} trials`);
  const delays = await measureCopies(IDLE_PORTS, trials, signal);
  add(copies, version, worst(delays.running), worst(delays.fresh), worst(delays.last));
  for (const [kind, values] of Object.entries(delays)) {
    const tooLate = values.filter((value: number) => value > LIMIT).length;
    if (tooLate > 0) late.push(`${version}: ${tooLate} of ${values.length} too late (${kind})`);
  }
  for (const count of [2, 3000, 8000]) {
    const { packets, last } = await measureFlows(count, Math.min(trials, 10), signal);
    add(flows, version, `${count}`, worst(packets), worst(last));
  }
  for (const ports of [1, 100, 1000]) {
    const { waiting, notWaiting } = await measureCost(ports, rounds, signal);
    const wait = differences(waiting, notWaiting);
    add(cost, version, `${ports}`, quartiles(waiting), quartiles(notWaiting), quartiles(wait));
  }
  const { waiting, notWaiting, rounds: changes } = await measureCrowd(100, crowds, signal);
  add(crowd, version, quartiles(waiting), quartiles(notWaiting), quartiles(changes));
}

async function report(): Promise<string> {
  const { processor, cores, kernel, commit, date, load } = await describeMachine();
  return `# In force when ADD returns

Measured by \`make bench-in-force\` on ${date} at commit ${commit}: ${processor}, ${cores} cores,
Linux ${kernel}, load average ${load[0]!.toFixed(1)}. All times are in milliseconds.

## The first copy and the last

Two pods ping each other every 10 ms on a bridge with ${
    IDLE_PORTS + 3
  } ports. A consumer is attached
and detached ${trials} times. Median and largest time from ADD's return to the first copy of this
traffic (0: it came before), from the first packet of a flow that began after ADD's return to its
copy, and from DEL's return to the last copy.

${table(copies)}
## With thousands of flows

A pod sends to as many addresses as there are flows, 5,000 to 15,000 packets a second, while a
consumer is attached ${Math.min(trials, 10)} times. Median and largest number of packets sent in the
500 ms after ADD's return that arrived where they were sent to and were not copied, and how long after
ADD's return the last of them was sent. The switch counts a change as carried out before it has
looked at the last flow.

${table(flows)}
## What the wait costs

Wall time of a producer's ADD, in turns with and without the wait (\`OVS_MIRROR_WAIT=0\`), medians
with quartiles. The ports are veth pairs, each of which the userspace datapath polls.

${table(cost)}
## 100 calls at once

From the start of the first ADD to the end of the last, all for one mirror. The switch takes many
changes up in one go: the last column counts how often it did while the 100 calls ran that waited.

${table(crowd)}`;
}

function worst(values: readonly number[]): string {
  return `${spread(values).median.toFixed(0)}, at most ${Math.max(...values)}`;
}

function quartiles(values: readonly number[]): string {
  const { low, median, high } = spread(values);
  return `${median.toFixed(0)} [${low.toFixed(0)}, ${high.toFixed(0)}]`;
}

function table([head, ...body]: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(" | ")} |\n`;
  return [line(head!), line(head!.map(() => "---")), ...body.map(line)].join("");
}
