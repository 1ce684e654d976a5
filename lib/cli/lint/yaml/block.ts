/**
 * Values that are structured by indentation.
 *
 * Source: YAML 1.2.2, chapter 8.2.
 *
 * @module
 */

import type { List, Member, Table, Tree } from "../tree.ts";
import { readBlockScalar } from "./block_scalar.ts";
import { readInline } from "./flow.ts";
import { mergeMembers } from "./merge.ts";
import { readPlainName } from "./plain.ts";
import { readProperties, withProperties } from "./properties.ts";
import { readQuoted } from "./quoted.ts";
import type { Reader } from "./reader.ts";

/** Where a value may stand. */
interface Place {
  /** The least column of the value's lines. */
  indent: number;
  /** The least column of the dashes, if the value is a list. */
  listIndent: number;
  /** Whether it begins in a line where lists and tables of several lines can't begin. */
  isBehindName: boolean;
}

const COLON = /[ \t]*:(?=[ \t\n]|$)/y;

/**
 * Reads a whole document.
 *
 * @param reader At its beginning.
 * @param isBehindMarker Whether it begins in the line of `---`.
 * @returns What it holds; nothing if that is only comments.
 * @throws {SyntaxFault} It is not YAML.
 */
export function readDocument(reader: Reader, isBehindMarker: boolean): Tree | undefined {
  const behind = !reader.skipSpace() && isBehindMarker;
  if (reader.char === "") return undefined;
  const tree = readBlock(reader, { indent: 0, listIndent: 0, isBehindName: behind });
  reader.skipSpace();
  if (reader.char === "") return tree;
  throw unexpected(reader);
}

function readBlock(reader: Reader, place: Place): Tree {
  const isBehindName = !reader.skipSpace() && place.isBehindName;
  if (!fits(reader, place)) return reader.empty();
  refuseTabs(reader, isBehindName);
  const start = reader.mark();
  const properties = readProperties(reader);
  if (!properties) return readContent(reader, { ...place, isBehindName });
  if (/^[\n#]?$/.test(reader.char)) {
    // They stand in a line of their own and are about all that follows.
    return withProperties(reader, properties, () => {
      reader.skipSpace();
      if (!fits(reader, place)) return reader.empty();
      return readContent(reader, { ...place, isBehindName: false });
    });
  }
  // Before the first name of a table they are about that name.
  reader.reset(start);
  const name = isBehindName ? undefined : readName(reader);
  if (name) return readTable(reader, name);
  readProperties(reader);
  const behind = { ...place, isBehindName: true };
  return withProperties(reader, properties, () => readContent(reader, behind));
}

/** Whether what comes next belongs to the value and not to something around it. */
function fits(reader: Reader, { indent, listIndent }: Place): boolean {
  if (reader.char === "") return false;
  return reader.column >= indent || (reader.column >= listIndent && isAtDash(reader));
}

function readContent(reader: Reader, { indent, isBehindName }: Place): Tree {
  if (reader.char === "|" || reader.char === ">") {
    reader.count(1);
    return readBlockScalar(reader, indent);
  }
  if (reader.char === "?" && isGap(reader.peek(1))) throw reader.fault(NAME_IS_COMPLEX, USE_TEXT);
  if (isBehindName && isAtDash(reader)) throw reader.fault(LIST_BEHIND_NAME, NEXT_LINE);
  if (!isBehindName) {
    if (isAtDash(reader)) return readList(reader);
    const name = readName(reader);
    if (name) return readTable(reader, name);
  }
  return readInline(reader, indent, false);
}

const NAME_IS_COMPLEX = 'names that begin with "? " are not read here';
const USE_TEXT = "use a text as the name";
const LIST_BEHIND_NAME = "a list begins in the line of its name";
const NEXT_LINE = "begin it in the next line";

function readList(reader: Reader): List {
  const { line, column } = reader;
  const items: Tree[] = [];
  reader.count(1);
  reader.nest(() => {
    do {
      reader.skip(1);
      const indent = column + 1;
      items.push(readBlock(reader, { indent, listIndent: indent, isBehindName: false }));
    } while (isAtNext(reader, column) && isAtDash(reader));
  });
  return { kind: "list", line, items };
}

function readTable(reader: Reader, first: Name): Table {
  const members: Member[] = [];
  reader.count(1);
  reader.nest(() => {
    const place = { indent: first.column + 1, listIndent: first.column, isBehindName: true };
    for (let name: Name | undefined = first; name; name = readNext(reader, first.column)) {
      members.push({ key: name.text, line: name.line, value: readBlock(reader, place) });
    }
  });
  return { kind: "table", line: first.line, members: mergeMembers(reader, members) };
}

/** The next name of a table; nothing if the table has ended. */
function readNext(reader: Reader, column: number): Name | undefined {
  if (!isAtNext(reader, column)) return undefined;
  const name = readName(reader);
  if (name) return name;
  throw reader.fault(
    'there is no "name: value" here',
    'is the ":" missing, or the indentation off?',
  );
}

/** Whether the next line belongs to the list or table that stands in a column. */
function isAtNext(reader: Reader, column: number): boolean {
  reader.skipSpace();
  if (reader.char === "" || reader.column < column) return false;
  if (reader.column > column) throw unexpected(reader);
  refuseTabs(reader, false);
  return true;
}

/** The name of a member, read with the colon behind it. */
interface Name {
  text: string;
  line: number;
  column: number;
}

/** Reads the name of a member; if there is none, nothing is read. */
function readName(reader: Reader): Name | undefined {
  const start = reader.mark();
  const { line, column } = reader;
  const name = readNameText(reader);
  if (name !== undefined && reader.line === line && reader.match(COLON)) {
    return { text: name, line, column };
  }
  reader.reset(start);
  return undefined;
}

function readNameText(reader: Reader): string | undefined {
  const properties = readProperties(reader);
  const name = withProperties(reader, properties, () => {
    if (reader.char === '"' || reader.char === "'") return readQuoted(reader);
    const text = readPlainName(reader);
    return { ...reader.empty(), value: text || null, text };
  });
  return name.kind === "scalar" && name.value !== null ? name.text : undefined;
}

function isAtDash(reader: Reader): boolean {
  return reader.char === "-" && isGap(reader.peek(1));
}

function isGap(char: string): boolean {
  return char === "" || " \t\n".includes(char);
}

function refuseTabs(reader: Reader, isBehindName: boolean): void {
  if (isBehindName || !reader.hasTabBefore) return;
  throw reader.fault("the line is indented with a tab", "YAML takes spaces only");
}

function unexpected(reader: Reader) {
  const rest = JSON.stringify(/^.{0,30}/.exec(reader.text.slice(reader.at, reader.at + 30))![0]);
  const hint = 'check the indentation, and put texts with ": " or " #" in quotes';
  return reader.fault(`${rest} belongs to nothing`, hint);
}
