/**
 * Builds the executables and runs all tests: those of the pure parts without any permission, then
 * those of the executables. Ends with one line, `N passed, N failed, N skipped`.
 *
 * @module
 */

import { dirname, fromFileUrl } from "@std/path";

const root = dirname(dirname(fromFileUrl(import.meta.url)));

const STEPS = [
  ["run", "--allow-all", "scripts/build.ts"],
  ["test", "--no-prompt", "lib", "bench", "tests/model"],
  ["test", "--no-prompt", "--allow-all", "--parallel", "--ignore=tests/model", "tests"],
];

const total = { passed: 0, failed: 0, ignored: 0 };
let broken = false;
for (const args of STEPS) {
  const { success, text } = await deno(args);
  for (const kind of ["passed", "failed", "ignored"] as const) {
    total[kind] += Number(new RegExp(`(\\d+) ${kind}`).exec(text)?.[1] ?? 0);
  }
  broken ||= !success;
}
console.log(`${total.passed} passed, ${total.failed} failed, ${total.ignored} skipped`);
Deno.exit(broken ? 1 : 0);

/** Runs Deno, shows what it prints, and returns the line that counts the tests. */
async function deno(args: string[]): Promise<{ success: boolean; text: string }> {
  const child = new Deno.Command(Deno.execPath(), {
    args,
    cwd: root,
    env: { NO_COLOR: "1" },
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
