/**
 * Descriptions of the commands for people, for help and completion without loading the commands.
 *
 * @module
 */

import { ATTACH_OPTIONS, DETACH_OPTIONS } from "./attach/options.ts";
import { OPTIONS as CAPTURE_OPTIONS } from "./capture/options.ts";
import { OPTIONS as LINT_OPTIONS } from "./lint/options.ts";
import { OPTIONS as METRICS_OPTIONS } from "./metrics/options.ts";
import type { Option } from "./options.ts";
import { OPTIONS as SHOW_OPTIONS } from "./show/options.ts";

/** Both executables; each has all commands. */
export const PROGRAMS = ["ovs-mirror-producer", "ovs-mirror-consumer"] as const;

/** Shells in which command lines can be completed. */
export const SHELLS = ["bash", "zsh", "fish"] as const;

/** A command's entry, known before the command is loaded. */
export interface CommandEntry {
  /** The command's purpose, in a line. */
  summary: string;
  /** Name of the operands in help; empty if there are none. */
  operands: string;
  /** The words that may stand there, if not any may. */
  words?: readonly string[];
  /** Its options, except `--help`, which all have. */
  options: readonly Option[];
  /** Command lines after the program's name, and what they do. */
  examples: readonly (readonly [line: string, text: string])[];
  /** Names by which people ask for it who know other programs. */
  otherNames?: readonly string[];
}

/** Names of commands. */
export type CommandName =
  | "show"
  | "metrics"
  | "attach"
  | "detach"
  | "capture"
  | "lint"
  | "schema"
  | "completion";

/** All commands but `help`, in the order in which help lists them. */
export const COMMANDS: Readonly<Record<CommandName, CommandEntry>> = {
  show: {
    summary: "show the switch's mirrors and whether they work",
    operands: "",
    options: SHOW_OPTIONS,
    examples: [
      ["show --for 10", "look twice, ten seconds apart: what is carried and dropped now"],
      ["show --pod default/web-0 --watch", "follow the mirrors that a pod takes part in"],
    ],
    otherNames: ["list", "ls", "get", "status", "mirrors", "top", "watch"],
  },
  metrics: {
    summary: "serve what show knows to Prometheus, over HTTP",
    operands: "",
    options: METRICS_OPTIONS,
    examples: [
      ["metrics --listen 127.0.0.1:9476", "for a Prometheus on the same node"],
      ["metrics --listen [::]:9476 --socket tcp:192.0.2.1:6640", "of a switch on another host"],
    ],
    otherNames: ["serve", "exporter", "export", "prometheus"],
  },
  attach: {
    summary: "attach the port of a pod that runs to a mirror, as a source or as its output",
    operands: "",
    options: ATTACH_OPTIONS,
    examples: [
      ["attach --pod default/web-0 --mirror debug --internal debug0 --for 10m", "for tcpdump here"],
      ["attach --pod default/web-0 --mirror debug --remote vxlan:192.0.2.10,key=7", "copies away"],
    ],
    otherNames: ["add", "mirror", "tap", "span", "debug"],
  },
  detach: {
    summary: "take back what was attached by hand",
    operands: "",
    options: DETACH_OPTIONS,
    examples: [
      ["detach --pod default/web-0 --mirror debug", "what attach did, by the same words"],
      ["detach --all", "all that is attached by hand"],
    ],
    otherNames: ["del", "remove", "untap"],
  },
  capture: {
    summary: "write the packets that a mirror sends through a tunnel",
    operands: "",
    options: CAPTURE_OPTIONS,
    examples: [
      ["capture --listen 10.0.0.1 --key 7 | tcpdump -n -r -", "print the packets of key 7"],
      ["capture --listen [::] --for 10m --write web.pcapng", "ten minutes, into a file"],
    ],
    otherNames: ["tcpdump", "dump", "record", "receive", "sniff"],
  },
  lint: {
    summary: "check networks and workloads before they are applied",
    operands: "FILE...",
    options: LINT_OPTIONS,
    examples: [
      ["lint networks.yaml deployments.yaml", "check the files of a cluster together"],
      ["lint --strict --format json networks.yaml", "for CI: let warnings fail too"],
    ],
    otherNames: ["check", "validate", "verify", "test"],
  },
  schema: {
    summary: "print the JSON Schema of a plugin's configuration, or of a policy",
    operands: "producer|consumer|policy",
    words: ["producer", "consumer", "policy"],
    options: [],
    examples: [
      ["schema producer", "what a producer's configuration may have"],
      ["schema consumer > consumer.schema.json", "for an editor that checks while one types"],
    ],
  },
  completion: {
    summary: "print a script that completes command lines in a shell",
    operands: SHELLS.join("|"),
    words: SHELLS,
    options: [],
    examples: [
      ["completion bash > /etc/bash_completion.d/ovs-mirror", "for all users of bash"],
      ["completion zsh > ~/.zfunc/_ovs_mirror", "where ~/.zfunc is in zsh's fpath"],
    ],
    otherNames: ["completions", "complete"],
  },
};

/** The option that every command has. */
export const HELP: Option = { name: "help", letter: "h", text: "print help" };

/** Options that stand instead of a command. */
export const GLOBAL_OPTIONS: readonly Option[] = [
  HELP,
  { name: "version", letter: "V", text: "print the version" },
];
