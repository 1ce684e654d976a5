/**
 * Values that need no indentation: aliases, texts, and lists and tables in brackets and braces.
 *
 * Source: YAML 1.2.2, chapters 7.1, 7.3 and 7.4.
 *
 * @module
 */

import type { List, Member, Table, Tree } from "../tree.ts";
import { mergeMembers } from "./merge.ts";
import { readPlain } from "./plain.ts";
import { readProperties, withProperties } from "./properties.ts";
import { readQuoted } from "./quoted.ts";
import type { Reader } from "./reader.ts";

const ALIAS = /\*([^\s,[\]{}]+)/y;

/**
 * Reads a value that needs no indentation.
 *
 * @param reader Where it begins.
 * @param indent The least column of its further lines.
 * @param inFlow Whether it stands within brackets or braces.
 * @returns The value.
 * @throws {SyntaxFault} No value begins there.
 */
export function readInline(reader: Reader, indent: number, inFlow: boolean): Tree {
  if (reader.char === "*") return readAlias(reader);
  reader.count(1);
  if (reader.char === "{" && reader.peek(1) === "{") {
    throw reader.fault("a value can't begin with {{", RENDER);
  }
  if (reader.char === "{") return reader.nest(() => readTable(reader));
  if (reader.char === "[") return reader.nest(() => readList(reader));
  if (reader.char === '"' || reader.char === "'") return readQuoted(reader);
  const plain = readPlain(reader, indent, inFlow);
  if (plain) return plain;
  throw reader.fault(`a value can't begin with ${JSON.stringify(reader.char)}`, QUOTE);
}

function readAlias(reader: Reader): Tree {
  const name = reader.match(ALIAS)?.[1];
  if (name) return reader.named(name);
  throw reader.fault("an alias has no name", QUOTE);
}

const RENDER = "if this is a template, check what it renders";
const QUOTE = "put texts with special characters in quotes";

function readList(reader: Reader): List {
  const { line } = reader;
  const items: Tree[] = [];
  readSeries(reader, "]", () => {
    const item = readItem(reader);
    reader.skipSpace();
    items.push(reader.char === ":" ? pair(reader, item) : item);
  });
  return { kind: "list", line, items };
}

function readTable(reader: Reader): Table {
  const { line } = reader;
  const members: Member[] = [];
  readSeries(reader, "}", () => {
    const name = readItem(reader);
    reader.skipSpace();
    members.push(readMember(reader, name));
  });
  return { kind: "table", line, members: mergeMembers(reader, members) };
}

/** A list may hold a table of one member without braces. */
function pair(reader: Reader, name: Tree): Table {
  return { kind: "table", line: name.line, members: [readMember(reader, name)] };
}

function readMember(reader: Reader, name: Tree): Member {
  if (name.kind !== "scalar") throw reader.fault("a name is a list or a table", NAME, name.line);
  const { line, text: key } = name;
  if (reader.char !== ":") return { key, line, value: reader.empty() };
  reader.skip(1);
  reader.skipSpace();
  const isEmpty = /[,\]}]/.test(reader.char);
  return { key, line, value: isEmpty ? reader.empty() : readItem(reader) };
}

const NAME = "use a text as the name";

function readItem(reader: Reader): Tree {
  const properties = readProperties(reader);
  reader.skipSpace();
  return withProperties(reader, properties, () => readInline(reader, 0, true));
}

/** Reads what stands between an opening bracket and the closing one, with commas in between. */
function readSeries(reader: Reader, closing: string, read: () => void): void {
  const { char: opening, line } = reader;
  reader.skip(1);
  for (;;) {
    reader.skipSpace();
    if (reader.char === closing) break;
    if (reader.char !== "") read();
    reader.skipSpace();
    if (reader.char === ",") reader.skip(1);
    else if (reader.char === "") throw reader.fault(`a ${opening} is not closed`, CLOSE, line);
    else if (reader.char !== closing) throw reader.fault(expected(reader.char, closing), COMMA);
  }
  reader.skip(1);
}

const CLOSE = "add the closing bracket";
const COMMA = "is a comma missing?";

function expected(found: string, closing: string): string {
  return `there is ${JSON.stringify(found)} where "," or "${closing}" is expected`;
}
