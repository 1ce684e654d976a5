import { assertEquals } from "@std/assert";
import { readDocuments } from "./document.ts";
import { plain } from "./tree.ts";

/** What a file holds, and what is wrong with it. */
function read(file: string, text: string): unknown[] {
  return [...readDocuments(file, text)].flatMap(({ tree, findings }) => [
    ...(tree ? [plain(tree)] : []),
    ...findings.map(({ file, line, rule }) => `${file}:${line} ${rule}`),
  ]);
}

const CASES: [file: string, text: string, ...content: unknown[]][] = [
  ["a.yaml", "a: 1\n---\nb: 2\n", { a: 1 }, { b: 2 }],
  ["a.yml", "{a: 1}", { a: 1 }],
  ["a.yaml", "a: [\n", "a.yaml:1 yaml"],
  ["a.json", '{ "a": 1 }', { a: 1 }],
  ["a.conf", "{a: 1}", "a.conf:1 json"],
  ["a.conflist", "\n", "a.conflist:1 json"],
  ["-", ' \n{ "a": 1 }', { a: 1 }],
  ["-", ' \n{ "a": 1\n', "-:2 json"],
  ["-", "a: 1", { a: 1 }],
  ["a.yaml", "a: |\r\n  b\r\n  c\r\nd: e\r\n", { a: "b\nc\n", d: "e" }],
  ["a.yaml", "a: 1\rb: [\r", "a.yaml:2 yaml"],
];

for (const [file, text, ...content] of CASES) {
  Deno.test(`readDocuments() reads ${JSON.stringify(text)} in ${file}`, () => {
    assertEquals(read(file, text), content);
  });
}

Deno.test("readDocuments() takes rules to ignore from comments", () => {
  const text = `# lint: ignore one, two
a: |
  # lint: ignored
---
  #lint:ignore three (it is meant so)
b: "lint: ignore four" # lint: ignore five
`;
  assertEquals(Array.from(readDocuments("a.yaml", text), ({ ignored }) => ignored.slice(0, 2)), [
    ["one", "two"],
    ["three", "(it"],
  ]);
});
