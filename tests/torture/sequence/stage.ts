/**
 * What the steps of a sequence work with.
 *
 * @module
 */

import type { PluginOutcome } from "../../support/plugin.ts";
import type { Attachment } from "../attachment.ts";
import type { Random } from "../random.ts";
import type { Caller } from "../victim.ts";
import type { Codes, PluginModel } from "./plugin_model.ts";
import type { World } from "./world.ts";

/** Where a sequence takes place. */
export interface Stage {
  random: Random;
  caller: Caller;
  model: PluginModel;
  world: World;
  /** All attachments there could be, with their configurations as of now. */
  attachments: Attachment[];
}

/** One step. */
export interface Step {
  /** What happens, for messages. */
  text: string;
  /** Makes it happen in the model; returns what a plugin may exit with. */
  model: () => Codes | void;
  /** Makes it happen in truth; returns what a plugin left. */
  real: () => Promise<PluginOutcome | void>;
}

/** Makes a step; none if there is nothing to do it to. */
export type Maker = (stage: Stage) => Step | undefined;
