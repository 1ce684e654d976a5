/**
 * The implementations that are measured.
 *
 * @module
 */

import { resolve } from "@std/path";
import type { RoleName } from "../tests/support/cni/plugin.ts";

/** The roles, in the order of reports. */
export const ROLES: readonly RoleName[] = ["producer", "consumer"];

/** The commands that are measured, in the order in which a runtime calls them. */
export const COMMANDS = ["ADD", "CHECK", "DEL"] as const;

/** One of {@linkcode COMMANDS}. */
export type Command = typeof COMMANDS[number];

/** An implementation: executables by the names that a network configuration calls. */
export class Contestant {
  readonly #directory: string;

  /**
   * @param name How reports call it.
   * @param directory Where its executables are.
   */
  constructor(readonly name: string, directory: string) {
    this.#directory = resolve(directory);
  }

  /** Path of the executable of a role. */
  program(role: RoleName): string {
    return `${this.#directory}/ovs-mirror-${role}`;
  }

  /** Executables that are not there, or that may not be executed. */
  missing(): string[] {
    return ROLES.map((role) => this.program(role)).filter((path) => !isExecutable(path));
  }
}

function isExecutable(path: string): boolean {
  try {
    const { isFile, mode } = Deno.statSync(path);
    return isFile && (mode! & 0o111) !== 0;
  } catch {
    return false;
  }
}
