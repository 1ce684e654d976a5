/**
 * Builds the executables and runs all tests: those of the pure parts without any permission, then
 * those of the executables. Ends with one line, `N passed, N failed, N skipped`.
 *
 * Pods get their ports from a program in the `ovs` plugin's place, or from the one that `OVS_CNI`
 * names.
 *
 * @module
 */

import { dirname, fromFileUrl } from "@std/path";
import { DEFAULT_DIRECTORY } from "../lib/plugin/records/store.ts";
import { makeOvsExecutable } from "../tests/support/ovs/ovs_executable.ts";

/** A command line behind which nothing can be written where a node's plugins keep their cache. */
const FENCE = [
  ...["unshare", "--mount", "--propagation", "private", "sh", "-ec"],
  'mount --bind /var/lib /var/lib; mount -o remount,bind,ro /var/lib; exec "$@"',
  "sh",
];

const root = dirname(dirname(fromFileUrl(import.meta.url)));

const STEPS = [
  ["run", "--allow-all", "scripts/build.ts"],
  ["test", "--no-prompt", "lib", "bench", "tests/model"],
  ["test", "--no-prompt", "--allow-all", "--parallel", "--ignore=tests/model", "tests"],
];

// Whoever is not root can't write there anyway.
const fence = Deno.uid() === 0 && await works([...FENCE, "true"]) ? FENCE : [];
const cache = looksOf(DEFAULT_DIRECTORY);

const scratch = await Deno.makeTempDir({ prefix: "ovs-mirror-tests-" });
const OVS_CNI = Deno.env.get("OVS_CNI") || await makeOvsExecutable(scratch);

const total = { passed: 0, failed: 0, ignored: 0 };
let broken = false;
for (const args of STEPS) {
  const { success, text } = await deno(args);
  for (const kind of ["passed", "failed", "ignored"] as const) {
    total[kind] += Number(new RegExp(`(\\d+) ${kind}`).exec(text)?.[1] ?? 0);
  }
  broken ||= !success;
}
await Deno.remove(scratch, { recursive: true });
if (looksOf(DEFAULT_DIRECTORY) !== cache) {
  console.log(`a test has written to ${DEFAULT_DIRECTORY}, which is none of its own directories`);
  broken = true;
}
console.log(`${total.passed} passed, ${total.failed} failed, ${total.ignored} skipped`);
Deno.exit(broken ? 1 : 0);

/** Runs Deno, shows what it prints, and returns the line that counts the tests. */
async function deno(args: string[]): Promise<{ success: boolean; text: string }> {
  const [program, ...rest] = [...fence, Deno.execPath(), ...args];
  const child = new Deno.Command(program!, {
    args: rest,
    cwd: root,
    env: { NO_COLOR: "1", OVS_CNI },
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  let text = "";
  for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
    await Deno.stdout.write(new TextEncoder().encode(chunk));
    text += chunk;
  }
  const counts = text.match(/^(?:ok|FAILED) \| .*$/gm)?.at(-1) ?? "";
  return { success: (await child.status).success, text: counts };
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
