import { assert, assertEquals } from "@std/assert";
import { dirname, join, resolve } from "@std/path";
import { anchors, documents, read, ROOT, sourceText } from "../support/project/documents.ts";

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
      if (!anchor) continue;
      assert(anchors(Deno.readTextFileSync(linked)).has(anchor), `${target} leads nowhere`);
    }
  });

  Deno.test(`${path}: files that it names are there`, () => {
    for (const [, file] of text.matchAll(FILE)) assert(exists(join(ROOT, file!)), `no ${file}`);
  });

  Deno.test(`${path}: says what is, plainly`, () => {
    assertEquals(text.match(FORBIDDEN) ?? [], []);
  });

  Deno.test(`${path}: what is opened as code is closed`, () => {
    assertEquals((text.match(/^ *```/gm) ?? []).length % 2, 0);
  });
}

Deno.test("README and architecture have a picture each", () => {
  for (const path of ["README.md", "docs/ARCHITECTURE.md"]) {
    const pictures = read(path).match(/```mermaid\nflowchart LR\n[^`]+```/g) ?? [];
    assertEquals(pictures.length, 1, path);
  }
});

Deno.test("the recording is small, needs no other file, and is of today's commands", () => {
  const drawn = read("docs/recording.svg");
  assert(drawn.length < 20_000);
  const loaded = drawn.replace(/<!--.*?-->/g, "").match(/(?:https?:|url\((?!#))[^"\s)]*/g);
  assertEquals(loaded, ["http://www.w3.org/2000/svg"]);
  const text = drawn.replaceAll("&#160;", " ");
  const [, ...words] = text.matchAll(
    />(# ovs-mirror-producer \w+|[A-Z]{4,}\/?S?|no output|carrying)/g,
  );
  assert(words.length > 10);
  const source = sourceText("cli/") + sourceText("observe/");
  const said = words.map(([, word]) => word!.replace(/^# ovs-mirror-producer |\/S$/g, ""));
  assertEquals(said.filter((word) => !source.includes(word)), []);
});

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}
