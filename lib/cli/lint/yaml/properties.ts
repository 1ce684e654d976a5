/**
 * The anchor and the tag that may stand before a value.
 *
 * Source: YAML 1.2.2, chapter 6.9.
 *
 * @module
 */

import type { Tree } from "../tree.ts";
import type { Reader } from "./reader.ts";

const ANCHOR = /&([^\s,[\]{}]+)[ \t]*/y;
const TAG = /!(?:<[^\s>]*>|[^\s,[\]{}]*)[ \t]*/y;
const TEXT_TAG = /^!(?:!str|<tag:yaml\.org,2002:str>)?\s*$/;

/** What stands before a value. */
export interface Properties {
  /** The name for aliases. */
  anchor?: string;
  /** Whether the value is a text, whatever it looks like. */
  isText: boolean;
}

/**
 * Reads the anchor and the tag before a value. Of tags only those that make it a text matter here.
 *
 * @param reader Where they may stand.
 * @returns What they say; nothing if there are none.
 */
export function readProperties(reader: Reader): Properties | undefined {
  let properties: Properties | undefined;
  while (reader.char === "&" || reader.char === "!") {
    properties ??= { isText: false };
    const [text, anchor] = reader.match(ANCHOR) ?? reader.match(TAG) ?? [];
    if (text === undefined) throw reader.fault("an anchor has no name", "write &NAME");
    if (anchor === undefined) properties.isText = TEXT_TAG.test(text);
    else properties.anchor = anchor;
  }
  return properties;
}

/**
 * Reads a value and does what stands before it says.
 *
 * @param reader Where the value begins.
 * @param properties What stands before it.
 * @param read Reads the value.
 * @returns The value.
 */
export function withProperties(
  reader: Reader,
  properties: Properties | undefined,
  read: () => Tree,
): Tree {
  return reader.name(properties?.anchor, () => {
    const tree = read();
    return properties?.isText && tree.kind === "scalar" ? { ...tree, value: tree.text } : tree;
  });
}
