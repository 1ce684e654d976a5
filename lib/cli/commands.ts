/**
 * Loads the commands for people.
 *
 * @module
 */

import type { CommandName } from "./catalog.ts";
import type { Command } from "./terminal.ts";

/** A command, loaded. */
export interface CommandModule {
  /** Runs it. */
  run: Command;
  /** Paragraphs for its help, below what the catalog says. */
  notes?: string;
}

/** Loads a command. */
export const LOAD: Readonly<Record<CommandName, () => Promise<CommandModule>>> = {
  show: () => import("./show/command.ts"),
  metrics: () => import("./metrics/command.ts"),
  attach: () => import("./attach/command.ts"),
  detach: async () => {
    const { detach: run, notes } = await import("./attach/command.ts");
    return { run, notes };
  },
  capture: () => import("./capture/command.ts"),
  lint: () => import("./lint/command.ts"),
  schema: () => import("./schema/command.ts"),
  completion: () => import("./completion/command.ts"),
};
