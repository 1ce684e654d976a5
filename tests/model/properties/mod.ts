/**
 * All properties of the pure parts.
 *
 * @module
 */

import type { Property } from "../property.ts";
import { attachProperties } from "./attach.ts";
import { checkProperties } from "./check.ts";
import { configProperties } from "./config.ts";
import { detachProperties } from "./detach.ts";
import { dispatchProperties } from "./dispatch.ts";
import { endpointProperties } from "./endpoint.ts";
import { environmentProperties } from "./environment.ts";
import { framingProperties } from "./framing.ts";
import { policyProperties } from "./policy.ts";
import { resultProperties } from "./result.ts";
import { shapeProperties } from "./shape.ts";
import { snapshotProperties } from "./snapshot.ts";
import { staleProperties } from "./stale.ts";
import { sweepProperties } from "./sweep.ts";

/** All properties; each is independent of the others. */
export const PROPERTIES: readonly Property[] = [
  ...framingProperties,
  ...endpointProperties,
  ...environmentProperties,
  ...resultProperties,
  ...shapeProperties,
  ...configProperties,
  ...dispatchProperties,
  ...policyProperties,
  ...attachProperties,
  ...checkProperties,
  ...detachProperties,
  ...snapshotProperties,
  ...sweepProperties,
  ...staleProperties,
];
