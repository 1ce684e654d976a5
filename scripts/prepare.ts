/**
 * What the demo and the tests need before they start: programs of the distribution, and the two
 * executables.
 *
 * `deno run -A scripts/prepare.ts` brings all that any test needs, as `.ci/run` does.
 *
 * @module
 */

import { fromFileUrl } from "@std/path";
import {
  ALL_PROGRAMS,
  findDaemons,
  findMissing,
  isInstalled,
  type Packages,
} from "../tests/support/run/programs.ts";
import { buildBoth } from "./build.ts";
import { DenortError, getDenort } from "./denort.ts";

/** Is told what is done, after a word for what it is about. */
export type Tell = (about: string, what: string) => void;

/** The machine lacks something, and only its user can change that. */
export class Lack extends Error {
  /** Tells this kind of error from others. */
  override name = "Lack";
}

/**
 * Tells whether an error says all that its reader needs.
 *
 * @param error What was thrown.
 * @returns Whether it is about what the machine lacks, so that a stack trace tells nothing more.
 */
export function isLack(error: unknown): error is Error {
  return error instanceof Lack || error instanceof DenortError;
}

/**
 * Makes sure that all programs are there: as root on Debian and Ubuntu by installing them. What
 * could end in vain comes first, so that no package is installed for nothing.
 *
 * @param packages Programs to the packages that have them.
 * @param tell Is told what is installed.
 * @throws {Lack} Some are missing; the message has the command that installs them.
 * @throws {DenortError} There is nothing to build the executables with.
 */
export async function ensurePrograms(packages: Packages, tell: Tell): Promise<void> {
  findDaemons();
  const missing = findMissing(packages);
  const command = missing?.command.join(" ");
  if (missing && (Deno.uid() !== 0 || !isInstalled("apt-get"))) {
    throw new Lack(`${missing.programs.join(", ")} missing. Install with: ${command}`);
  }
  if (!Deno.env.get("OVS_MIRROR_DIST")) await getDenort(Deno.build.arch);
  if (!missing) return;
  tell("missing", `${missing.programs.join(", ")}: ${command}`);
  await apt("update", "-qq");
  const said = await apt(
    ...["install", "-qq", "-y", "--no-install-recommends"],
    ...missing.command.slice(2),
  );
  const still = findMissing(packages);
  if (still) throw new Lack(`${still.programs.join(", ")} missing after ${command}`);
  const installed = Array.from(said.matchAll(/^Setting up (\S+)/gm), ([, name]) => name);
  if (installed.length > 0) tell("installed", installed.join(" "));
}

/**
 * Builds both executables, unless `OVS_MIRROR_DIST` says where they are.
 *
 * @param tell Is told where they are.
 * @param signal Ends the build at once.
 * @throws {DenortError} There is nothing to build them with.
 */
export async function ensureExecutables(tell: Tell, signal?: AbortSignal): Promise<void> {
  const given = Deno.env.get("OVS_MIRROR_DIST");
  if (given) return tell("plugins", `compiled before, in ${given}`);
  const out = fromFileUrl(new URL("../dist", import.meta.url));
  tell("plugins", `being built into ${out}`);
  await buildBoth({ arch: Deno.build.arch, out, signal });
}

async function apt(...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command("apt-get", {
    args,
    env: { DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" },
    stdin: "null",
  }).output();
  const said = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("").trim();
  if (success) return said;
  throw new Lack(`apt-get ${args[0]} failed:\n${said}`);
}

if (import.meta.main) {
  try {
    await ensurePrograms(ALL_PROGRAMS, (about, what) => console.log(`${about}: ${what}`));
  } catch (error) {
    if (!isLack(error)) throw error;
    console.error(error.message);
    Deno.exit(1);
  }
}
