/**
 * Cost of calls of the plugins, next to an empty program that is compiled in the same way.
 *
 * @module
 */

import { dirname, fromFileUrl, join } from "@std/path";
import { build, buildBoth } from "../scripts/build.ts";
import { findMissing, isInstalled } from "../tests/support/run/programs.ts";
import { Contestant } from "./contestant.ts";
import { describeMachine } from "./machine.ts";
import { destination, type Options, parseOptions, UsageError } from "./options.ts";
import { type Part, parts, QUICK, WHOLE } from "./parts.ts";
import { Report } from "./report.ts";
import { carryOut, type Field } from "./trial.ts";

/** Programs that every run needs, and the packages of Debian and Ubuntu that have them. */
const PROGRAMS = {
  "ovsdb-server": "openvswitch-switch",
  "ovsdb-tool": "openvswitch-switch",
  "time": "time",
};

/** Exit statuses of a program that a signal has ended. */
const EXIT_STATUS = { SIGINT: 130, SIGTERM: 143 } as const;

/** The machine or the command line lacks something. */
class Lack extends Error {}

const interruption = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(name, () => interruption.abort(name));
}
Deno.exit(await run(interruption.signal));

async function run(signal: AbortSignal): Promise<number> {
  const directory = await Deno.makeTempDir({ prefix: "ovs-mirror-bench-" });
  try {
    const options = parseOptions(Deno.args);
    return await compare(options, await prepare(options, directory, signal));
  } catch (error) {
    return explain(error, signal);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

async function prepare(options: Options, directory: string, signal: AbortSignal): Promise<Field> {
  const missing = findMissing(PROGRAMS);
  if (missing) {
    throw new Lack(
      `${missing.programs.join(", ")} missing. Install with: ${missing.command.join(" ")}`,
    );
  }
  const peers = options.peer === undefined ? [] : [new Contestant("peer", options.peer)];
  const absent = peers.flatMap((peer) => peer.missing());
  if (absent.length > 0) throw new Lack(`no executable at ${absent.join(" and ")}`);
  const ours = new Contestant("ours", await buildAll(directory));
  return { contestants: [ours, ...peers], floor: join(directory, "floor"), signal };
}

/** Builds the floor and, unless that was done before, the plugins; returns where these are. */
async function buildAll(out: string): Promise<string> {
  const options = { arch: Deno.build.arch, out };
  const floor = join(dirname(fromFileUrl(import.meta.url)), "floor.ts");
  await build(floor, "floor", options);
  const built = Deno.env.get("OVS_MIRROR_DIST");
  if (!built) await buildBoth(options);
  return built || out;
}

async function compare(options: Options, field: Field): Promise<number> {
  const extent = options.quick ? QUICK : WHOLE;
  const { parts: all, leftOut } = parts(extent, isInstalled("valgrind"));
  const chosen = choose(all, options.only);
  await Deno.mkdir(destination(options, false), { recursive: true });
  const report = new Report(await describeMachine(), leftOut);
  for (const part of chosen) {
    console.error(`${part.name}: ${part.rounds} rounds of ${part.at.join(", ")} ${part.varied}`);
    report.add(part, await carryOut(part, field));
  }
  console.log(report.text());
  return await publish(report, options) && !report.failed ? 0 : 1;
}

/** Writes the results where they belong; returns whether they are as good as was asked for. */
async function publish(report: Report, options: Options): Promise<boolean> {
  const noise = report.noise();
  const [all, good] = [destination(options, noise.length === 0), destination(options, true)];
  await report.write(all);
  if (all === good) return true;
  await report.quiet().write(good);
  console.error("The machine was not quiet, so figures of these parts are not published:");
  console.error(`${noise.join("\n")}\nThey are in ${all}`);
  return false;
}

function choose(all: readonly Part[], only: readonly string[]): readonly Part[] {
  const names = all.map(({ name }) => name);
  const unknown = only.filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new UsageError(`no part ${unknown}; there are ${names.join(", ")}`);
  return only.length === 0 ? all : all.filter(({ name }) => only.includes(name));
}

function explain(error: unknown, signal: AbortSignal): number {
  if (signal.aborted) {
    console.error(`Interrupted by ${signal.reason}; nothing was written`);
    return EXIT_STATUS[signal.reason as keyof typeof EXIT_STATUS];
  }
  if (!(error instanceof Lack) && !(error instanceof UsageError)) throw error;
  console.error(error.message);
  return 2;
}
