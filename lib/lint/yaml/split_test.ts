import { assertEquals } from "@std/assert";
import { lineOf, member, plain } from "../tree.ts";
import { readYaml } from "./documents.ts";

/** A List that is too long to be read at once. */
function list(indent: string, item: (index: number) => string, count = 5000): string {
  const items = Array.from({ length: count }, (_, index) => item(index));
  const lines = items.flatMap((text) => `- ${text.replaceAll("\n", "\n  ")}`.split("\n"));
  return `# dump\nkind: List\nx: &x { a: 1 }\nitems: # all\n\n${indent}` +
    `${lines.join(`\n${indent}`)}\n# end\nmetadata:\n  items: none\n`;
}

const item = (index: number) => `kind: K${index}\nspec: |\n  - a: ${index}\n  # b\nref: *x`;

for (const indent of ["", "    "]) {
  Deno.test(`readYaml() reads a long List that is indented by "${indent}"`, () => {
    const [{ tree, fault } = {}, ...others] = [...readYaml(list(indent, item))];
    assertEquals([fault, others], [undefined, []]);
    const { items, ...rest } = plain(tree!) as { items: unknown[] };
    assertEquals(rest as unknown, { kind: "List", x: { a: 1 }, metadata: { items: "none" } });
    assertEquals(items.length, 5000);
    assertEquals(items[4999], { kind: "K4999", spec: "- a: 4999\n# b\n", ref: { a: 1 } });
    assertEquals(lineOf(tree!, ["items", 0, "kind"]), 6);
    assertEquals(lineOf(tree!, ["items", 4999, "ref"]), 6 + 4999 * 5 + 4);
    assertEquals(member(tree, "metadata")?.line, 6 + 5000 * 5 + 1);
  });
}

Deno.test("readYaml() reads the items of a long List beside one that it refuses", () => {
  const broken = list("", (index) => index === 2000 ? "kind: [\nb: 1" : item(index));
  const [{ tree, fault } = {}] = [...readYaml(broken)];
  assertEquals(fault?.line, 6 + 2000 * 5);
  const items = member(tree, "items")!.value;
  assertEquals(items.kind === "list" && items.items.length, 4999);
});

Deno.test("readYaml() reads what looks like a List, and is none", () => {
  const filler = "x".repeat(200_000);
  assertEquals(plain([...readYaml(`a: ${filler}\nitems:\nb: 1\n`)][0]!.tree!), {
    a: filler,
    items: null,
    b: 1,
  });
  const text = `a: |\n  ${filler}\n\n  items:\n  - b\nitems:\n- c\n`;
  assertEquals(member([...readYaml(text)][0]!.tree, "items")?.line, 6);
});
