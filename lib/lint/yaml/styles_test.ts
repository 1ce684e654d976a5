import { assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { json } from "../../../tests/model/json.ts";
import { testProperties } from "../../../tests/model/property.ts";
import { plain } from "../tree.ts";
import { readYaml } from "./documents.ts";

/** Chooses one of several ways to write the same. */
type Choose = <T>(...ways: T[]) => T;

/** Writes a value as YAML, each part of it in one of the ways that YAML has. */
function write(value: unknown, indent: string, choose: Choose): string {
  if (typeof value === "string") return writeText(value, indent, choose);
  if (typeof value !== "object" || value === null) return ` ${JSON.stringify(value)}`;
  const isEmpty = Object.keys(value).length === 0;
  if (isEmpty || choose(false, false, true)) {
    return ` ${JSON.stringify(value, null, choose(0, 2)).replaceAll("\n", `\n${indent}  `)}`;
  }
  const deeper = indent + choose("  ", "    ");
  const comment = choose("", " # comment");
  if (Array.isArray(value)) {
    const items = value.map((item) => `\n${deeper}-${write(item, `${deeper}  `, choose)}`);
    return comment + items.join("");
  }
  const members = Object.entries(value).map(([key, value]) =>
    `\n${deeper}${JSON.stringify(key)}:${write(value, deeper, choose)}`
  );
  return comment + members.join("");
}

function writeText(text: string, indent: string, choose: Choose): string {
  const ways = [` ${JSON.stringify(text)}`];
  if (/^\p{L}+$/u.test(text) && !/^(?:true|false|null)$/i.test(text)) ways.push(` ${text}`);
  if (!/[\p{C}\p{Z}]/u.test(text)) ways.push(` '${text.replaceAll("'", "''")}'`);
  if (/^[^\p{C}\p{Z}](?:(?:\P{C}|\n)*\P{C})?$/u.test(text)) {
    ways.push(` |-\n${indent}    ${text.replaceAll("\n", `\n${indent}    `)}`);
  }
  return choose(...ways);
}

const pieces = fc.stringMatching(/^[a-z':#-]{1,4}(?:\n[a-z' #-]{0,4}){0,3}$/);

testProperties([{
  name: "readYaml() reads the same value in whatever way it is written",
  property: fc.property(
    fc.oneof(json, fc.dictionary(pieces, fc.oneof(pieces, fc.array(pieces)))),
    fc.infiniteStream(fc.nat(1000)),
    (value, numbers) => {
      const choose: Choose = (...ways) => ways[numbers.next().value! % ways.length]!;
      const text = `top:${write(value, "", choose)}\nend: true\n`;
      const [{ tree, fault } = {}] = [...readYaml(text)];
      assertEquals([tree && plain(tree), fault?.message], [{ top: value, end: true }, undefined]);
    },
  ),
}]);
