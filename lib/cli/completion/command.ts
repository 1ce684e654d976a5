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
import { zshScript } from "./zsh.ts";

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript };

/** How to use the scripts, for help. */
export const notes = `\
To use it in the shell at hand:
  bash  source <(ovs-mirror-producer completion bash)
  zsh   source <(ovs-mirror-producer completion zsh)
  fish  ovs-mirror-producer completion fish | source
`;

/** Prints the script of the shell that is named. */
export const run: Command = (args, terminal) => {
  const shell = parseOperand("shell", args, SHELLS);
  terminal.write(SCRIPTS[shell]());
  return Promise.resolve(EXIT.success);
};
