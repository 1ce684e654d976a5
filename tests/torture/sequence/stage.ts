/**
 * The surroundings of a sequence's steps: databases, plugins, records.
 *
 * @module
 */

import type { PluginOutcome } from "../../support/cni/plugin.ts";
import type { Random } from "../random.ts";
import type { Caller } from "../victim.ts";
import type { Plugin } from "./cast.ts";
import type { State } from "./port_cells.ts";
import type { Ledger } from "./ledger.ts";
import type { World } from "./world.ts";

/** The surroundings of a sequence. */
export interface Stage {
  random: Random;
  caller: Caller;
  world: World;
  /** Rows of the databases now. */
  state: State;
  ledger: Ledger;
  /** All plugins of all pods there could be, with their configurations as of now. */
  plugins: Plugin[];
  /** Those of pods that are no more. */
  past: Plugin[];
}

/** A step in which others change something. */
export interface Change {
  /** Description, for messages. */
  text: string;
  /** Makes it happen. */
  act(): Promise<void> | void;
}

/** A plugin's output, and the databases before and after. */
export interface Result {
  outcome: PluginOutcome;
  before: State;
  after: State;
}

/** A step in which a plugin is called. */
export interface PluginCall {
  /** Description, for messages. */
  text: string;
  command: string;
  /** Makes it happen. */
  call(): Promise<PluginOutcome>;
  /** Judges what came of it. */
  judge(result: Result): void;
}

/** Makes a step; none if there is nothing to do it to. */
export type Maker<Step> = (stage: Stage) => Step | undefined;
