import { assertEquals, assertStringIncludes } from "@std/assert";
import { MAX_DEPTH } from "../syntax_fault.ts";
import { lineOf, linesOf, member, plain } from "../tree.ts";
import { readYaml } from "./documents.ts";

function read(text: string): unknown[] {
  return [...readYaml(text)].filter(({ tree }) => tree).map(({ tree }) => plain(tree!));
}

/** Texts and what they mean, in the order of the YAML specification. */
const CASES: [text: string, ...documents: unknown[]][] = [
  [""],
  ["# nothing\n"],
  ["a: 1\n", { a: 1 }],
  ["a: 1 # one\n# two\nb: 2#2\n", { a: 1, b: "2#2" }],
  ["--- # first\na: 1\n...\n---\nb: 2\n---\n", { a: 1 }, { b: 2 }],
  ["%YAML 1.2\n---\na: 1\n", { a: 1 }],
  ["--- [1]\n--- |\n x\n--- x\n", [1], "x\n", "x"],
  ["a: |\n  ---\n  b\n", { a: "---\nb\n" }],
  ["a:\n  b:\n    c: d\n  e: f\n", { a: { b: { c: "d" }, e: "f" } }],
  ["a:\n- 1\n- 2\nb:\n  - 3\n", { a: [1, 2], b: [3] }],
  ["- a: 1\n  b: 2\n-\n  c: 3\n- d\n-\n", [{ a: 1, b: 2 }, { c: 3 }, "d", null]],
  ["- - 1\n  - 2\n- - 3\n", [[1, 2], [3]]],
  ["- a:\n  - 1\n  b: 2\n", [{ a: [1], b: 2 }]],
  ["a:\n# comment\n    b: c\n  # comment\nd: e\n", { a: { b: "c" }, d: "e" }],
  ["a: b\n  c\n\n  - d # e\nf: g\n", { a: "b c\n- d", f: "g" }],
  ["url: http://x.y:80/z?a#b\n", { url: "http://x.y:80/z?a#b" }],
  ["a: it's\nb: x:y\n", { a: "it's", b: "x:y" }],
  ["?a\n", "?a"],
  ["? a\n: b\n", { a: "b" }],
  ["-a: -1\n", { "-a": -1 }],
  ["a: ~\nb: null\nc:\nd: ''\n", { a: null, b: null, c: null, d: "" }],
  ["a: true\nb: False\nc: yes\nd: on\ne: N\nf: yEs\ng: 'on'\n", {
    a: true,
    b: false,
    c: true,
    d: true,
    e: false,
    f: "yEs",
    g: "on",
  }],
  ["a: 0777\nb: 1_000\nc: -017\nd: 09\ne: 12:30\nf: 2024-01-01\ng: 0b11\nh: _1\ni: 1e400\n", {
    a: 511,
    b: 1000,
    c: -15,
    d: 9,
    e: "12:30",
    f: "2024-01-01",
    g: 3,
    h: "_1",
    i: "1e400",
  }],
  ["a: 0x1f\nb: 0o17\nc: -1.5e3\nd: .5\ne: 1.2.3\nf: +7\n", {
    a: 31,
    b: 15,
    c: -1500,
    d: .5,
    e: "1.2.3",
    f: 7,
  }],
  ["a: .inf\nb: -.INF\nc: .nan\n", { a: Infinity, b: -Infinity, c: NaN }],
  ["a: !!str 1\nb: ! 2\nc: !other 3\nd: !!str\n", { a: "1", b: "2", c: 3, d: "" }],
  ["'a b': 'it''s'\n\"c\\td\": \"e\\u00e9\\x41\\U0001F600\\/\"\n", {
    "a b": "it's",
    "c\td": "eéA😀/",
  }],
  ['a: "b  \n   c\n\n   d \\\n   \\  e"\n', { a: "b c\nd   e" }],
  ["a: 'b\n  c\n\n\n  d'\n", { a: "b c\n\nd" }],
  ["a: |\n  b\n   c\n\n  d\n", { a: "b\n c\n\nd\n" }],
  ["a: |-\n  b\n\nc: |+\n  d\n\ne: |\n", { a: "b", c: "d\n\n", e: "" }],
  ["a: |2-  # indented\n    b\n   c\n", { a: "  b\n c" }],
  ["a: >\n  b\n  c\n\n  d\n   e\n  f\n\n\n  g\n", { a: "b c\nd\n e\nf\n\ng\n" }],
  ["- |\n a\n- >-\n b\n c\n", ["a\n", "b c"]],
  ["a: [b, 'c', {d: e}, [f]]\ng: {h: i, j: , k}\n", {
    a: ["b", "c", { d: "e" }, ["f"]],
    g: { h: "i", j: null, k: null },
  }],
  ['{\n\t"a": [\n\t\t1,\n\t\t2\n\t],\n\t"b":{"c":"d"}\n}\n', { a: [1, 2], b: { c: "d" } }],
  ["[a: b, c d: e, f\n  g]\n", [{ a: "b" }, { "c d": "e" }, "f g"]],
  ["a: &x {b: c}\nd: *x\ne: &y f\ng: *y\n", { a: { b: "c" }, d: { b: "c" }, e: "f", g: "f" }],
  ["a: &x\n  b: c\n&y d: *y\n", { a: { b: "c" }, d: "d" }],
  ["x: &x {a: 1, b: 2}\ny: {<<: *x, b: 3}\n", { x: { a: 1, b: 2 }, y: { a: 1, b: 3 } }],
  ["<<: [{a: 1}, {a: 2, b: 3}]\nc: 4\n", { a: 1, b: 3, c: 4 }],
  ["a: 1\na: 2\n", { a: 2 }],
  ["a: '\n\t\n'\nb: [\n\t\n  1]\nc: |\n  d\n  \t\ne: f\n  \t\n", {
    a: "\n",
    b: [1],
    c: "d\n\t\n",
    e: "f",
  }],
];

for (const [text, ...documents] of CASES) {
  Deno.test(`readYaml() reads ${JSON.stringify(text)}`, () => {
    assertEquals([...readYaml(text)].filter(({ fault }) => fault), []);
    assertEquals(read(text), documents);
  });
}

const FAULTS: [text: string, line: number, message: string, hint: string][] = [
  ["a:\n\tb: c\n", 2, "the line is indented with a tab", "spaces"],
  ["a:\n  b: 1\n\tc: 2\n", 3, "the line is indented with a tab", "spaces"],
  ["a: b: c\n", 1, '"b: c" belongs to nothing', "quotes"],
  ["a: 1\n b: 2\n", 2, '"b: 2" belongs to nothing', "indentation"],
  ["a:\n    b: 1\n  c: 2\n", 3, '"c: 2" belongs to nothing', "indentation"],
  ["a: 'b' c\n", 1, '"c" belongs to nothing', "quotes"],
  ["a: 1\nb\nc: 2\n", 2, 'there is no "name: value" here', '":"'],
  ["a: 1\n- b\n", 2, '"- b" belongs to nothing', "indentation"],
  ["a: - b\n", 1, "a list begins in the line of its name", "next line"],
  ["a: @b\n", 1, 'a value can\'t begin with "@"', "quotes"],
  ["a: {{ .Values.x }}\n", 1, "a value can't begin with {{", "template"],
  ["a:\n  [b,\n\nc: d\n", 2, "a [ is not closed", "bracket"],
  ["a: {b: c\n", 1, "a { is not closed", "bracket"],
  ["a: [b c: d e]]\n", 1, '"]" belongs to nothing', ""],
  ['a: ["b" "c"]\n', 1, 'there is "\\"c\\"]" where "," or a bracket', "comma"],
  ["a: {[b]: c}\n", 1, "a name is a list or a table", "a text"],
  ["x:\na: 'b\nc: d\n", 2, "a text in ' is not closed", "quote"],
  ["x:\na: 'b\nc: 'd'\n", 2, "a text in ' is not closed", "quote"],
  ["a: [\nb: [1]\n", 1, "a [ is not closed", "bracket"],
  ["a: [\n1\n]\nb: c: d\n", 4, '"c: d" belongs to nothing', "quotes"],
  ["a: 1\n\t\nb: 2\n", 2, "the line is indented with a tab", "empty the line"],
  ["a: 1\n\t# b\nc:\n  d: 2\n \t\n", 2, "the line is indented with a tab", "empty the line"],
  ["a: |\n      \n  b\n", 3, "an empty line before this text is indented further", "empty"],
  ["a: |\n  b\n\t\n  c\n", 3, "is not indented enough", "indent"],
  ['a: "\\q"\n', 1, "YAML has no escape", "single quotes"],
  ['a: "\\Uffffffff"\n', 1, "YAML has no escape", "single quotes"],
  ["a: | b\n  c\n", 1, 'there is text behind "|"', "lines below"],
  ["a: *b\n", 1, "no value before is named &b", "misspelt"],
  ["a: &a [*a]\n", 1, "no value before is named &a", "misspelt"],
  ["a: *\n", 1, "an alias has no name", ""],
  ["a: & b\n", 1, "an anchor has no name", ""],
  ["<<: b\n", 1, "<< merges something other than a table", "alias"],
];

for (const [text, line, message, hint] of FAULTS) {
  Deno.test(`readYaml() refuses ${JSON.stringify(text)}`, () => {
    const { fault } = [...readYaml(text)].find(({ fault }) => fault)!;
    assertEquals(fault!.line, line);
    assertStringIncludes(fault!.message, message);
    assertStringIncludes(fault!.hint, hint);
  });
}

/** Lines that are indented less than YAML demands, or with tabs, where kubectl does not mind. */
const LENIENT: [text: string, content: unknown, lines: [path: string, line: number][]][] = [
  ["a:\n  b: '{\n  \"c\": 1\n}'\n  d: e\n", { a: { b: '{ "c": 1 }', d: "e" } }, [["d", 5]]],
  ['a:\n  b: "x\n\n\\n\n y"\n  d: e\n', { a: { b: "x\n\n y", d: "e" } }, [["d", 6]]],
  ["a:\n  b: [\n\"]\", # ]\n\tit's, {c: ']'}\n]\n  d: e\n", {
    a: { b: ["]", "it's", { c: "]" }], d: "e" },
  }, [["b", 2], ["d", 6]]],
  ["a:\n  b: {\nc: 1\n}\n  d: [\n2\n]\n", { a: { b: { c: 1 }, d: [2] } }, [["d", 5]]],
];

for (const [text, content, lines] of LENIENT) {
  Deno.test(`readYaml() reads ${JSON.stringify(text)}`, () => {
    const [{ tree, fault } = {}] = [...readYaml(text)];
    assertEquals([tree && plain(tree), fault?.message], [content, undefined]);
    for (const [name, line] of lines) assertEquals(lineOf(tree!, ["a", name]), line);
  });
}

Deno.test("readYaml() reads the documents beside one that it refuses", () => {
  const documents = [...readYaml("a: 1\n---\nb: [\n---\nc: 3\n")];
  assertEquals(documents.map(({ line, fault }) => [line, fault?.line]), [
    [1, undefined],
    [2, 3],
    [4, undefined],
  ]);
  assertEquals(read("a: 1\n---\nb: [\n---\nc: 3\n"), [{ a: 1 }, { c: 3 }]);
});

Deno.test("readYaml() knows the lines of names and values", () => {
  const text = "# x\na:\n  - b: 1\n\n    c: |\n      d\n  -\n    e\nf: [1,\n  2]\n---\ng: h\n";
  const [first, second] = [...readYaml(text)];
  const lines: [path: (string | number)[], line: number][] = [
    [["a"], 2],
    [["a", 0], 3],
    [["a", 0, "c"], 5],
    [["a", 1], 8],
    [["f", 1], 10],
  ];
  for (const [path, line] of lines) assertEquals(lineOf(first!.tree!, path), line);
  assertEquals(lineOf(second!.tree!, ["g"]), 12);
});

const TEXTS: [text: string, line: number][] = [
  ["\na: |\n\n  x\n  @\n", 5],
  ["\na: >\n  x\n  y\n\n  @\n", 6],
  ["\na: x\n  y\n  @\n", 4],
  ["\na: 'x\n\n  @'\n", 4],
  ['\na: "x\\n\n  \\n\\\n  @"\n', 4],
  ['\na: "x\\n@"\n', 2],
];

for (const [text, line] of TEXTS) {
  Deno.test(`readYaml() knows the lines within the text of ${JSON.stringify(text)}`, () => {
    const value = member([...readYaml(text)][0]!.tree, "a")!.value;
    if (value.kind !== "scalar") throw new Error("it is not a text");
    assertEquals(linesOf(value).at(value.text.indexOf("@")), line);
  });
}

Deno.test("readYaml() bounds what aliases make of a document", () => {
  const level = (n: number) => `a${n}: &a${n} [${`*a${n - 1},`.repeat(10)}]\n`;
  const bomb = "a0: &a0 x\n" + Array.from({ length: 20 }, (_, n) => level(n + 1)).join("");
  assertStringIncludes([...readYaml(bomb)][0]!.fault!.message, "aliases");
});

Deno.test("readYaml() bounds what merge keys make of a document", () => {
  const members = Array.from({ length: 1000 }, (_, n) => `k${n}: v`).join(", ");
  const read = (times: number) =>
    [...readYaml(`a: &a {${members}}\nb: {<<: [${"*a, ".repeat(times)}]}\n`)][0]!;
  // An alias of it stands for 2,001 values.
  assertEquals(read(499).fault, undefined);
  for (const times of [500, 5000]) assertStringIncludes(read(times).fault!.message, "aliases");
});

Deno.test("readYaml() refuses what is nested too deeply, and not before", () => {
  for (const [opening, closing] of [["[", "]"], ["- ", ""], ["{a: ", "}"]] as const) {
    const nested = (depth: number) => opening.repeat(depth) + "x" + closing.repeat(depth);
    assertEquals([...readYaml(nested(MAX_DEPTH))][0]!.fault, undefined);
    assertStringIncludes([...readYaml(nested(MAX_DEPTH + 1))][0]!.fault!.message, "too deeply");
    assertStringIncludes([...readYaml(nested(100_000))][0]!.fault!.message, "too deeply");
  }
});
