/**
 * What the executables do when a person calls them, not a runtime.
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { SUPPORTED_VERSIONS } from "../cni/version.ts";
import type { Role } from "../mirror/role.ts";
import { VERSION } from "../version.ts";

/** What a command leaves. */
export interface CommandOutcome {
  /** For standard output. */
  output: string;
  /** For standard error. */
  errors: string;
  exitCode: number;
}

/**
 * Runs a command.
 *
 * @param role The role of the executable.
 * @param args The command line, without the program's name.
 * @returns What to print and the exit status: 0, or 2 for a command line that makes no sense.
 */
export function runCommand(role: Role, args: readonly string[]): CommandOutcome {
  const unknown: string[] = [];
  const options = parseArgs([...args], {
    boolean: ["help", "version"],
    alias: { h: "help", V: "version" },
    unknown: (arg: string) => (unknown.push(arg), false),
  }) as { help: boolean; version: boolean };
  if (unknown.length > 0) return misuse(role, `unknown argument ${JSON.stringify(unknown[0])}`);
  if (options.version) return success(`${role.plugin} ${VERSION}\n`);
  return success(help(role));
}

function success(output: string): CommandOutcome {
  return { output, errors: "", exitCode: 0 };
}

function misuse(role: Role, problem: string): CommandOutcome {
  const errors = `${role.plugin}: ${problem}; see ${role.plugin} --help\n`;
  return { output: "", errors, exitCode: 2 };
}

function help(role: Role): string {
  return `\
${role.plugin} ${VERSION}: makes a pod's port ${PURPOSE[role.name]} of Open vSwitch mirrors.

This is a CNI plugin. A container runtime calls it with CNI_COMMAND set and a network
configuration on standard input; chain it after the ovs plugin:

  { "cniVersion": "1.0.0", "name": "net", "plugins": [
    { "type": "ovs", "bridge": "br1" },
    { "type": "${role.plugin}", "bridge": "br1",
      "mirrors": [${EXAMPLE[role.name]}] } ] }

CNI versions: ${SUPPORTED_VERSIONS.join(", ")}

Options:
  -h, --help     print this text
  -V, --version  print the version
`;
}

const PURPOSE = { producer: "a source", consumer: "the output" };
const EXAMPLE = {
  producer: '{ "name": "mirror-1", "ingress": true, "egress": true }',
  consumer: '{ "name": "mirror-1" }',
};
