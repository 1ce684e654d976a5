/**
 * What `deno test` by itself needs: Open vSwitch's database server, and executables that are as new
 * as their sources. Importing this sees to both before a file's tests begin, once for all files of
 * a run.
 *
 * @module
 */

import { dirname, fromFileUrl, join } from "@std/path";
import { sourcesIn } from "../../../scripts/sources.ts";
import { DATABASE_PROGRAMS, findDaemons, findMissing } from "./programs.ts";

const root = dirname(dirname(dirname(dirname(fromFileUrl(import.meta.url)))));

/** Sources of the executables, besides `lib/`. */
const SOURCES = ["producer.ts", "consumer.ts", "deno.json", "deno.lock", "scripts/build.ts"]
  .concat("scripts/versions.env");

const EXECUTABLES = ["dist/ovs-mirror-producer", "dist/ovs-mirror-consumer"];

// Other programs of the project see to it themselves.
if (Deno.mainModule.endsWith("_test.ts")) await getReady();

async function getReady(): Promise<void> {
  // Files run in parallel: the first one does it, and the others wait.
  using lock = await Deno.open(join(root, "scripts/build.ts"));
  await lock.lock(true);
  findDaemons();
  const missing = findMissing(DATABASE_PROGRAMS);
  if (missing) {
    await giveUp(`${missing.programs.join(", ")} missing: ${missing.command.join(" ")}`);
  }
  if (Deno.env.get("OVS_MIRROR_DIST") || await isFresh()) return;
  say("dist/ is missing or older than the sources, and is being built");
  const { success, stderr } = await new Deno.Command(join(root, "scripts/deno"), {
    args: ["run", "--allow-all", "scripts/build.ts"],
    cwd: root,
    env: { PATH: `${dirname(Deno.execPath())}:${Deno.env.get("PATH")}` },
    stdin: "null",
    stdout: "null",
  }).output();
  if (!success) await giveUp(new TextDecoder().decode(stderr).trim());
}

async function isFresh(): Promise<boolean> {
  const built = Math.min(...EXECUTABLES.map((path) => changed(join(root, path))));
  const sources = await Array.fromAsync(sourcesIn(join(root, "lib")));
  sources.push(...SOURCES.map((path) => join(root, path)));
  return sources.every((path) => changed(path) <= built);
}

/** Returns when a file was last changed, in milliseconds; 0 if it is not there. */
function changed(path: string): number {
  try {
    return Deno.statSync(path).mtime!.getTime();
  } catch {
    return 0;
  }
}

/** Writes a line at once, past what `deno test` collects of a file. */
function say(line: string): void {
  try {
    Deno.writeTextFileSync("/dev/stderr", `${line}\n`, { append: true, create: false });
  } catch {
    console.error(line);
  }
}

/** Ends the whole run: `Deno.exit()` ends a file of tests, and each other one would say the same. */
async function giveUp(why: string): Promise<void> {
  say(why);
  Deno.kill(Deno.pid, "SIGTERM");
  await new Promise(() => {});
}
