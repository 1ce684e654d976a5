/**
 * `completion`: prints a script by which a shell completes command lines of both executables.
 *
 * @module
 */

import { SHELLS } from "../catalog.ts";
import { EXIT } from "../errors.ts";
import { parseOperand } from "../options.ts";
import type { Command } from "../terminal.ts";
import { bashScript } from "./bash.ts";
import { fishScript } from "./fish.ts";
import { findValues } from "./values.ts";
import { zshScript } from "./zsh.ts";

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript };

/** Notes for help: how to use the scripts. */
export const notes = `\
To use it in the shell at hand:
  bash  source <(ovs-mirror-producer completion bash)
  zsh   source <(ovs-mirror-producer completion zsh)
  fish  ovs-mirror-producer completion fish | source

The script for zsh may also be the file _ovs_mirror in a directory of fpath. The scripts ask the
switch for names of bridges and mirrors, which takes root as show does.
`;

/** The hidden operand by which the scripts ask for values. */
const VALUES = "values";

/** Prints the script of the shell that is named. */
export const run: Command = async (args, terminal) => {
  if (args[0] === VALUES) {
    const values = await findValues(args[1] ?? "", args.slice(2));
    terminal.write(values.map((value) => `${value}\n`).join(""));
    return EXIT.success;
  }
  const shell = parseOperand("shell", args, SHELLS);
  terminal.write(SCRIPTS[shell]());
  return EXIT.success;
};
