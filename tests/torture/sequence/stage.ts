/**
 * What the steps of a sequence work with.
 *
 * @module
 */

import type { PluginOutcome } from "../../support/cni/plugin.ts";
import type { Random } from "../random.ts";
import type { Caller } from "../victim.ts";
import type { Plugin } from "./cast.ts";
import type { State } from "./cells.ts";
import type { Ledger } from "./ledger.ts";
import type { World } from "./world.ts";

/** Where a sequence takes place. */
export interface Stage {
  random: Random;
  caller: Caller;
  world: World;
  /** What is in the databases as of now. */
  state: State;
  ledger: Ledger;
  /** All plugins of all pods there could be, with their configurations as of now. */
  plugins: Plugin[];
  /** Those of pods that are no more. */
  past: Plugin[];
}

/** A step in which others change something. */
export interface Change {
  /** What happens, for messages. */
  text: string;
  /** Makes it happen. */
  act(): Promise<void> | void;
}

/** What a plugin left, and what was in the databases before and after. */
export interface Result {
  outcome: PluginOutcome;
  before: State;
  after: State;
}

/** A step in which a plugin is called. */
export interface PluginCall {
  /** What happens, for messages. */
  text: string;
  command: string;
  /** Makes it happen. */
  call(): Promise<PluginOutcome>;
  /** Judges what came of it. */
  judge(result: Result): void;
}

/** Makes a step; none if there is nothing to do it to. */
export type Maker<Step> = (stage: Stage) => Step | undefined;
