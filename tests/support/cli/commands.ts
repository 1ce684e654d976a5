/**
 * Helpers of the tests of commands.
 *
 * @module
 */

import type { Terminal } from "../../../lib/cli/terminal.ts";

/** A terminal that keeps what is written to it. */
export interface RecordingTerminal extends Terminal {
  output: string;
  errors: string;
}

/**
 * Makes a terminal.
 *
 * @param features What is not as where output is redirected to a file.
 */
export function recordingTerminal(features: Partial<Terminal> = {}): RecordingTerminal {
  const terminal: RecordingTerminal = {
    program: "ovs-mirror-producer",
    isTerminal: false,
    color: false,
    columns: 80,
    output: "",
    errors: "",
    write: (text) => void (terminal.output += text),
    writeError: (text) => void (terminal.errors += text),
    ...features,
  };
  return terminal;
}
