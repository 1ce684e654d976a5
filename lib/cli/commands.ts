/**
 * The commands for people.
 *
 * @module
 */

import { OPTIONS as LINT_OPTIONS } from "./lint/options.ts";
import type { Option } from "./options.ts";
import { OPTIONS as SHOW_OPTIONS } from "./show/options.ts";
import type { Command } from "./terminal.ts";

/** Both executables; each has all commands. */
export const PROGRAMS = ["ovs-mirror-producer", "ovs-mirror-consumer"] as const;

/** Shells in which command lines can be completed. */
export const SHELLS = ["bash", "zsh", "fish"] as const;

/** What is known of a command before it is loaded. */
export interface CommandEntry {
  /** What it does, in a line. */
  summary: string;
  /** How help calls what follows its name; empty if nothing does. */
  operands: string;
  /** The words that may stand there, if not any may. */
  words?: readonly string[];
  /** Its options, except `--help`, which all have. */
  options: readonly Option[];
  /** Loads it. */
  load(): Promise<CommandModule>;
}

/** A command, loaded. */
export interface CommandModule {
  /** Runs it. */
  run: Command;
  /** Paragraphs for its help, below what the entry says. */
  notes?: string;
}

/** Names of commands. */
export type CommandName = "show" | "lint" | "schema" | "completion";

/** All commands but `help`, in the order in which help lists them. */
export const COMMANDS: Readonly<Record<CommandName, CommandEntry>> = {
  show: {
    summary: "show the switch's mirrors and whether they work",
    operands: "",
    options: SHOW_OPTIONS,
    load: () => import("./show/command.ts"),
  },
  lint: {
    summary: "check networks and workloads before they are applied",
    operands: "FILE...",
    options: LINT_OPTIONS,
    load: () => import("./lint/command.ts"),
  },
  schema: {
    summary: "print the JSON Schema of a plugin's configuration",
    operands: "producer|consumer",
    words: ["producer", "consumer"],
    options: [],
    load: () => import("./schema/command.ts"),
  },
  completion: {
    summary: "print a script that completes command lines in a shell",
    operands: SHELLS.join("|"),
    words: SHELLS,
    options: [],
    load: () => import("./completion/command.ts"),
  },
};

/** The option that every command has. */
export const HELP: Option = { name: "help", letter: "h", text: "print help" };

/** Options that stand instead of a command. */
export const GLOBAL_OPTIONS: readonly Option[] = [
  HELP,
  { name: "version", letter: "V", text: "print the version" },
];
