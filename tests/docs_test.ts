import { assert, assertEquals } from "@std/assert";
import { dirname, fromFileUrl, join, resolve } from "@std/path";
import { CniCode } from "../lib/cni/error.ts";
import { configurationSchema } from "../lib/cli/schema/schema.ts";
import type { JsonSchema } from "../lib/cli/schema/convert.ts";
import { OWNER } from "../lib/mirror/snapshot.ts";
import { planAttach } from "../lib/mirror/attach.ts";
import { producer } from "../lib/mirror/role.ts";
import { ask } from "../lib/mirror/snapshot.ts";
import { errorTexts, sourceText } from "./support/messages.ts";

const ROOT = fromFileUrl(new URL("..", import.meta.url));

const documents = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"].concat(
  Array.from(Deno.readDirSync(`${ROOT}docs`), ({ name }) => `docs/${name}`)
    .filter((name) => name.endsWith(".md")),
);

function read(path: string): string {
  return Deno.readTextFileSync(join(ROOT, path));
}

/** The cells of a document's table rows, without heads and the rules below them. */
function rows(text: string): string[][] {
  const lines = text.split("\n");
  const isRule = (line: string | undefined) => /^\|[-| ]+\|$/.test(line ?? "");
  const body = lines.filter((line, index) =>
    /^\|.*\|$/.test(line) && !isRule(line) && !isRule(lines[index + 1])
  );
  return body.map((line) => line.slice(1, -1).split("|").map((cell) => cell.trim()));
}

/** The text between a heading and the next one of its level. */
function section(text: string, heading: string): string {
  const [, after = ""] = text.split(`\n## ${heading}\n`);
  assert(after, `no section ${heading}`);
  return after.split("\n## ")[0]!;
}

/** What GitHub makes of a heading for links to it. */
function anchors(text: string): Set<string> {
  const headings = text.match(/^#+ .*$/gm) ?? [];
  return new Set(
    headings.map((heading) =>
      heading.replace(/^#+ /, "").toLowerCase().replace(/[^\w\- ]/g, "").replaceAll(" ", "-")
    ),
  );
}

/** What says nothing, or speaks of what is not yet or of one machine. */
const FORBIDDEN =
  /\b(?:simply|easily|obviously|seamless\w*|powerful|effortless\w*|blazing\w*|cutting-edge|state of the art|todo|fixme|coming soon|planned)\b|\/(?:tmp|root|home|work)\//gi;

/** A path in this repository. */
const FILE = /(?<![\w./-])((?:scripts|deploy|tests|lib|docs)\/[\w./-]+\w)/g;

for (const path of documents) {
  const text = read(path);

  Deno.test(`${path}: what it links to is there`, () => {
    for (const [, target] of text.matchAll(/\]\(((?!https?:)[^)]+)\)/g)) {
      const [file, anchor] = target!.split("#");
      const linked = file ? resolve(ROOT, dirname(path), file) : join(ROOT, path);
      assert(exists(linked), `${target} is not there`);
      if (anchor) {
        assert(anchors(Deno.readTextFileSync(linked)).has(anchor), `${target} leads nowhere`);
      }
    }
  });

  Deno.test(`${path}: says what is, plainly`, () => {
    assertEquals(text.match(FORBIDDEN) ?? [], []);
  });

  Deno.test(`${path}: code in it is closed, and commands name files that are there`, () => {
    assertEquals((text.match(/^```/gm) ?? []).length % 2, 0);
    for (const [, file] of text.matchAll(FILE)) {
      assert(exists(join(ROOT, file!)) || exists(join(ROOT, "docs", file!)), `no ${file}`);
    }
  });
}

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}

Deno.test("the pictures are flow charts that mermaid knows", () => {
  for (const path of ["README.md", "docs/ARCHITECTURE.md"]) {
    const pictures = read(path).match(/```mermaid\nflowchart LR\n[^`]+```/g) ?? [];
    assertEquals(pictures.length, 1, path);
  }
});

Deno.test("the README's codes are those of the sources", () => {
  const documented = rows(section(read("README.md"), "Errors"));
  const refusals = sourceText("failure.ts").matchAll(/"([a-z ]+)": (\d+),/g);
  const constants = sourceText("failure.ts").matchAll(/^const ([A-Z_]+) = (\d+);$/gm);
  const named: [string, string][] = [...refusals, ...constants].map((
    [, name, code],
  ) => [code!, name!.toLowerCase().replaceAll("_", " ")]);
  for (const [key, code] of Object.entries(CniCode)) {
    if (!sourceText().includes(`CniCode.${key}`)) continue;
    named.push([String(code), key.replace(/[A-Z]/g, " $&").toLowerCase()]);
  }
  assertEquals(
    documented.map(([code, name]) => `${code} ${name}`).sort(),
    named.map(String)
      .map((pair) => pair.replace(",", " ")).sort(),
  );
});

Deno.test("the README's fields are those of the schema", () => {
  const documented = rows(section(read("README.md"), "Fields"))
    .map(([name, type]) => `${name!.replaceAll("`", "")}: ${type}`);
  const { properties } = configurationSchema(producer);
  const fields = Object.entries(properties!).flatMap(([name, schema]) => [
    `${name}: ${typeName(schema)}`,
    ...Object.entries(schema.items?.properties ?? {})
      .map(([inner, schema]) => `${name}[].${inner}: ${typeName(schema)}`),
  ]);
  assertEquals(documented.sort(), fields.sort());
});

function typeName({ type }: JsonSchema): string {
  return type === "array" ? "list" : String(type ?? "string");
}

Deno.test("the README's variables are those that the executables may read", () => {
  const documented = rows(section(read("README.md"), "Environment"))
    .map(([name]) => name!.replaceAll("`", ""));
  const allowed = /--allow-env=([A-Z_,]+)/.exec(read("scripts/build.ts"))![1]!.split(",");
  assertEquals(documented.sort(), allowed.filter((name) => !name.startsWith("CNI_")).sort());
});

Deno.test("the architecture's example is what the code sends", () => {
  const [question, change] = Array.from(
    read("docs/ARCHITECTURE.md").matchAll(/```json\n([^`]+)```/g),
    ([, json]) => JSON.parse(json!),
  );
  const query = { role: producer, bridge: "br1", mirrors: ["m1"], ports: ["veth1"] };
  assertEquals(question, ask(query).operations);
  const mirrors = [{ name: "m1", columns: ["select_src_port" as const] }];
  const snapshot = {
    bridge: { id: "B", mirrors: [] },
    mirrors: [],
    ports: [{ id: "P", name: "veth1" }],
    attachedPorts: [],
    emptyMirrors: [],
  };
  assertEquals(change, planAttach({ role: producer, bridge: "br1", mirrors }, snapshot));
});

Deno.test("each error message has its entry", () => {
  const entries = rows(read("docs/ERRORS.md")).join("\n");
  const prose = read("docs/ERRORS.md");
  const missing = errorTexts().filter((text) => !entries.includes(text) && !prose.includes(text));
  assertEquals(missing, []);
});

Deno.test("errorTexts() follows constants, parameters, members and functions", () => {
  const texts = errorTexts();
  for (
    const text of [
      "There is no bridge",
      "its output is a VLAN (RSPAN)",
      "mirrors per bridge, and this would be one more",
      "an ingress source",
      "the server did not answer in time",
      "must not be empty",
    ]
  ) assert(texts.includes(text), text);
});

Deno.test("each entry is of a message that the sources have", () => {
  const sources = sourceText();
  const phrases = rows(read("docs/ERRORS.md")).flatMap((cells) =>
    Array.from(messageCell(cells).matchAll(/`([^`]+)`/g), ([, phrase]) => phrase!)
  );
  assert(phrases.length > 60);
  const texts = errorTexts();
  const isCurrent = (phrase: string) =>
    texts.some((text) => phrase.includes(text)) ||
    phrase.split("…").every((part) => sources.includes(part.trim()));
  assertEquals(phrases.filter((phrase) => !isCurrent(phrase)), []);
});

/** The message is in the second cell where the first has a code. */
function messageCell([first, second]: string[]): string {
  return /^\d+$/.test(first!) ? second! : first!;
}

Deno.test("the owner that the documents name is the one that mirrors get", () => {
  for (const path of ["docs/OPERATIONS.md", "docs/ARCHITECTURE.md"]) {
    assert(read(path).includes(OWNER), path);
  }
});
