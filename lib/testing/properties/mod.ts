/**
 * All properties of the pure parts.
 *
 * @module
 */

import type { Property } from "../property.ts";
import { dispatchProperties } from "./dispatch.ts";
import { endpointProperties } from "./endpoint.ts";
import { environmentProperties } from "./environment.ts";
import { framingProperties } from "./framing.ts";
import { resultProperties } from "./result.ts";
import { shapeProperties } from "./shape.ts";

/** All properties; each is independent of the others. */
export const PROPERTIES: readonly Property[] = [
  ...framingProperties,
  ...endpointProperties,
  ...environmentProperties,
  ...resultProperties,
  ...shapeProperties,
  ...dispatchProperties,
];
