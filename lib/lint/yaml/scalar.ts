/**
 * The values of plain scalars as kubectl reads them: a mix of YAML 1.1 and YAML 1.2.
 *
 * @module
 */

import type { Scalar } from "../tree.ts";

/** The first characters of special values: a quick test that most texts fail. */
const SPECIAL = /^(?:[-+.\d~nNyYtTfFoO]|$)/;
const NULL = /^(?:~|null|Null|NULL)?$/;
const TRUE = /^(?:y|Y|yes|Yes|YES|on|On|ON|true|True|TRUE)$/;
const FALSE = /^(?:n|N|no|No|NO|off|Off|OFF|false|False|FALSE)$/;
const INFINITY = /^([-+]?)\.(?:inf|Inf|INF)$/;
const NAN = /^\.(?:nan|NaN|NAN)$/;
const NUMBER =
  /^([-+]?)(?:0([0-7]+)|(0x[\da-f]+|0o[0-7]+|0b[01]+|(?:\.\d+|\d+(?:\.\d*)?)(?:e[-+]?\d+)?))$/i;

/**
 * Tells the meaning of a text without quotes.
 *
 * @returns A number, a truth value or nothing if it is written like one, else the text.
 */
export function meaningOf(text: string): Scalar["value"] {
  if (!SPECIAL.test(text)) return text;
  if (NULL.test(text)) return null;
  if (TRUE.test(text)) return true;
  if (FALSE.test(text)) return false;
  if (NAN.test(text)) return NaN;
  const infinite = INFINITY.exec(text);
  if (infinite) return infinite[1] === "-" ? -Infinity : Infinity;
  return numberIn(text) ?? text;
}

function numberIn(text: string): number | undefined {
  const [, sign, octal, other] = NUMBER.exec(text.replaceAll("_", "")) ?? [];
  const size = octal ? parseInt(octal, 8) : Number(other);
  if (!Number.isFinite(size)) return undefined;
  return sign === "-" ? -size : size;
}
