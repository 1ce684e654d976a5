/**
 * What the demo needs on the machine: programs of the distribution and the two executables.
 *
 * @module
 */

import { dirname, fromFileUrl, join } from "@std/path";
import { findMissing, isInstalled, SWITCH_PROGRAMS } from "../../tests/support/run/programs.ts";
import { build } from "../build.ts";
import { field } from "./print.ts";

const root = dirname(dirname(dirname(fromFileUrl(import.meta.url))));

/** The machine lacks something, and only its user can change that. */
export class Lack extends Error {
  /** Tells this kind of error from others. */
  override name = "Lack";
}

/**
 * Makes sure that all programs are there: as root on Debian and Ubuntu by installing them.
 *
 * @throws {Lack} Some are missing; the message has the command that installs them.
 */
export async function ensurePrograms(): Promise<void> {
  // Where daemons are is not in everybody's PATH.
  Deno.env.set("PATH", `${Deno.env.get("PATH") ?? ""}:/usr/sbin:/sbin`);
  const missing = findMissing(SWITCH_PROGRAMS);
  if (!missing) return;
  const command = missing.command.join(" ");
  if (Deno.uid() !== 0 || !isInstalled("apt-get")) {
    throw new Lack(`${missing.programs.join(", ")} missing. Install with: ${command}`);
  }
  field("missing", `${missing.programs.join(", ")}: ${command}`);
  await apt("update", "-qq");
  await apt("install", "-qq", "-y", "--no-install-recommends", ...missing.command.slice(2));
  const still = findMissing(SWITCH_PROGRAMS);
  if (still) throw new Lack(`${still.programs.join(", ")} missing after ${command}`);
}

/** Builds both executables, unless `OVS_MIRROR_DIST` says where they are. */
export async function ensureExecutables(): Promise<void> {
  const given = Deno.env.get("OVS_MIRROR_DIST");
  if (given) return field("plugins", `compiled before, in ${given}`);
  const out = join(root, "dist");
  field("plugins", `being built into ${out}`);
  for (const role of ["producer", "consumer"]) {
    await build(join(root, `${role}.ts`), `ovs-mirror-${role}`, { arch: Deno.build.arch, out });
  }
}

async function apt(...args: string[]): Promise<void> {
  const { success, stdout, stderr } = await new Deno.Command("apt-get", {
    args,
    env: { DEBIAN_FRONTEND: "noninteractive" },
    stdin: "null",
  }).output();
  if (success) return;
  const said = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("").trim();
  throw new Lack(`apt-get ${args[0]} failed:\n${said}`);
}
