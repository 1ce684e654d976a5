/**
 * Builds the executables and runs all tests: those of the pure parts without any permission, then
 * those of the executables. Ends with one line, `N passed, N failed, N skipped`. Named files are
 * run instead of all.
 *
 * What the tests need is installed first, or named if that is not possible; with `CI=true` that is
 * all that any test needs. Pods get their ports from a program in the `ovs` plugin's place, or from
 * the one that `OVS_CNI` names.
 *
 * @module
 */

import { dirname, fromFileUrl, join } from "@std/path";
import { DEFAULT_DIRECTORY } from "../lib/plugin/records/store.ts";
import { makeOvsExecutable } from "../tests/support/ovs/ovs_executable.ts";
import { processesNaming } from "../tests/support/run/processes.ts";
import { ALL_PROGRAMS, SWITCH_PROGRAMS } from "../tests/support/run/programs.ts";
import { exitStatus, interruption } from "./interruption.ts";
import { sumUp } from "./left_out.ts";
import { ensureExecutables, ensurePrograms, isLack } from "./prepare.ts";

/** A command line behind which nothing can be written where a node's plugins keep their cache. */
const FENCE = [
  ...["unshare", "--mount", "--propagation", "private", "sh", "-ec"],
  'mount --bind /var/lib /var/lib; mount -o remount,bind,ro /var/lib; exec "$@"',
  "sh",
];

const root = dirname(dirname(fromFileUrl(import.meta.url)));

const WHOLE = ["test", "--no-prompt", "--allow-all", "--parallel"];
const STEPS = Deno.args.length > 0 ? [[...WHOLE, ...Deno.args]] : [
  ["test", "--no-prompt", "lib", "bench", "tests/model"],
  [...WHOLE, "--ignore=tests/model", "tests"],
];

const signal = interruption();
// Short, since paths of sockets are.
const scratch = await makeScratch();
let status = 1;
try {
  await ensurePrograms(Deno.env.get("CI") === "true" ? ALL_PROGRAMS : SWITCH_PROGRAMS, tell);
  signal.throwIfAborted();
  await ensureExecutables(tell, signal);
  status = await runTests();
} catch (error) {
  if (signal.aborted) status = exitStatus(signal);
  else if (isLack(error)) console.error(error.message);
  else throw error;
} finally {
  if (signal.aborted) await endAll();
  await Deno.remove(scratch, { recursive: true });
}
Deno.exit(status);

/** Runs all steps, says what came of them, and returns the exit status. */
async function runTests(): Promise<number> {
  // Whoever is not root can't write there anyway.
  const fence = Deno.uid() === 0 && await works([...FENCE, "true"]) ? FENCE : [];
  const cache = looksOf(DEFAULT_DIRECTORY);
  const OVS_CNI = Deno.env.get("OVS_CNI") || await makeOvsExecutable(scratch);
  const total = { passed: 0, failed: 0, ignored: 0 };
  let [broken, said] = [false, ""];
  for (const args of STEPS) {
    const { success, text } = await run([...fence, Deno.execPath(), ...args], { OVS_CNI });
    const counts = text.match(/^(?:ok|FAILED) \| .*$/gm)?.at(-1) ?? "";
    for (const kind of ["passed", "failed", "ignored"] as const) {
      total[kind] += Number(new RegExp(`(\\d+) ${kind}`).exec(counts)?.[1] ?? 0);
    }
    broken ||= !success;
    said += text;
  }
  if (looksOf(DEFAULT_DIRECTORY) !== cache) {
    console.log(`a test has written to ${DEFAULT_DIRECTORY}, which is none of its own directories`);
    broken = true;
  }
  const leftOut = sumUp(said, total.ignored);
  if (leftOut) console.log(leftOut);
  console.log(`${total.passed} passed, ${total.failed} failed, ${total.ignored} skipped`);
  return broken ? 1 : 0;
}

/**
 * Makes a directory for all that tests leave behind them when they are interrupted. Its name is
 * short: that of a socket in it has 107 bytes at most, and there may be a second one in between.
 */
async function makeScratch(): Promise<string> {
  const name = crypto.getRandomValues(new Uint8Array(4)).toHex();
  const path = join(Deno.env.get("TMPDIR") || "/tmp", `o${name}`);
  // Whatever is there already is another's, and an error.
  await Deno.mkdir(path, { mode: 0o700 });
  return path;
}

/** Runs a program, and returns what it prints after having shown it. */
async function run([program, ...args]: string[], env: Record<string, string>) {
  const child = new Deno.Command(program!, {
    args,
    cwd: root,
    env: { NO_COLOR: "1", TMPDIR: scratch, ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  // Not in good order: tests that wait for something may not hear of it.
  const end = () => child.kill("SIGKILL");
  signal.addEventListener("abort", end);
  let text = "";
  for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
    await Deno.stdout.write(new TextEncoder().encode(chunk));
    text += chunk;
  }
  const { success } = await child.status;
  signal.removeEventListener("abort", end);
  signal.throwIfAborted();
  return { success, text };
}

/** Ends what interrupted tests have started; it has the temporary directory in its environment. */
async function endAll(): Promise<void> {
  for (let pids: number[]; (pids = await processesNaming(scratch)).length > 0;) {
    for (const pid of pids) {
      try {
        Deno.kill(pid, "SIGKILL");
      } catch (error) {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function tell(about: string, what: string): void {
  console.log(`${about}: ${what}`);
}

async function works([program, ...args]: string[]): Promise<boolean> {
  const command = new Deno.Command(program!, { args, stdout: "null", stderr: "null" });
  return await command.output().then(({ success }) => success, () => false);
}

/** What changes when something is written into a directory. */
function looksOf(directory: string): string {
  try {
    const names = Array.from(Deno.readDirSync(directory), ({ name }) => name).sort();
    return JSON.stringify([Deno.statSync(directory).mtime, names]);
  } catch {
    return "nothing";
  }
}
