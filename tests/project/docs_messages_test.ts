import { assert, assertEquals } from "@std/assert";
import { CniCode } from "../../lib/cni/error.ts";
import { CODES } from "../../lib/plugin/codes.ts";
import { codes, read, rows, section, sourceText } from "../support/project/documents.ts";

const document = read("docs/ERRORS.md");

Deno.test("each code has its section", () => {
  const used = Object.entries(CniCode)
    .filter(([key]) => key === "internal" || sourceText().includes(`CniCode.${key}`));
  const expected = new Set<number>([...used.map(([, code]) => code), ...Object.values(CODES)]);
  const sections = Array.from(
    document.matchAll(/^## (\d+)(?: to (\d+))?/gm),
    ([, first, last = first]) => [Number(first), Number(last)] as const,
  );
  const isDocumented = (code: number) => sections.some(([a, b]) => a <= code && code <= b);
  assertEquals([...expected].filter((code) => !isDocumented(code)), []);
  assertEquals(sections.flat().filter((code) => !expected.has(code)), []);
});

Deno.test("each entry is of a message that the sources have", () => {
  const phrases = rows(document).flatMap((cells) => codes(messageCell(cells)));
  assert(phrases.length > 60);
  const isMade = (phrase: string) => phrase.split("…").every((part) => isComposed(wordsOf(part)));
  assertEquals(phrases.filter((phrase) => !isMade(phrase)), []);
});

/** Texts of the sources and names of Deno's errors, by their first word; no comments and regular
 * expressions, whose quotes stand alone. */
const PIECES = Map.groupBy(
  new Set(
    [
      ...sourceText().replaceAll(/^ *(\/?\*|\/\/).*$|\[["'`\\]+\]/gm, "")
        .matchAll(/"([^"\n]*)"|'([^'\n]*)'|`([^`]*)`/g),
    ]
      .flatMap(([, text, quoted, template = ""]) => text ?? quoted ?? template.split(/\$\{[^}]*\}/))
      .concat(Object.keys(Deno.errors)).map(wordsOf).filter((piece) => piece !== ""),
  ),
  (piece) => piece.split(" ")[0]!,
);

/** Whether words are put together from pieces, each of them whole. */
function isComposed(text: string): boolean {
  return text === "" ||
    (PIECES.get(text.split(" ")[0]!) ?? []).some((piece) =>
      `${text} `.startsWith(`${piece} `) && isComposed(text.slice(piece.length + 1))
    );
}

/** A text without what is no word, so that punctuation at the ends of pieces does not matter. */
function wordsOf(text: string): string {
  return text.replace(/[^\w-]+/g, " ").trim();
}

/** The message is in the second cell where the first has a code. */
function messageCell([first, second]: string[]): string {
  return /^\d+$/.test(first!) ? second! : first!;
}

Deno.test("each message of the installer has its entry, and each entry its message", () => {
  const script = read("deploy/install.sh");
  const entries = rows(section(read("docs/OPERATIONS.md"), "Rolling out"))
    .flatMap(([message]) => codes(message!));
  const said = messagesOf(script, "say");
  // The usage is its own explanation.
  const failures = messagesOf(script, "fail").filter((text) => !/^usage|^\$@$/.test(text));
  assert(failures.length > 5);
  const isOf = (entry: string) => (message: string) =>
    fixedParts(entry).every((part) => message.includes(part));
  assertEquals(entries.filter((entry) => ![...said, ...failures].some(isOf(entry))), []);
  assertEquals(failures.filter((failure) => !entries.some((entry) => isOf(entry)(failure))), []);
});

/** What a function of the script is called with, without what varies. */
function messagesOf(script: string, name: string): string[] {
  const calls = script.matchAll(new RegExp(`\\b${name}(?:_for_now)? "([^"]+)"`, "g"));
  return Array.from(calls, ([, text]) => text!.replace(/\$\([^)]*\)+|\$\w+/g, "…"));
}

/** What an entry has besides what varies: values, versions and the prefix of errors. */
function fixedParts(entry: string): string[] {
  const parts = entry.replace(/^error: /, "").split(/…|ovs-mirror-\w+ [\d.]+/);
  return parts.map((part) => part.trim()).filter((part) => /\w\w/.test(part));
}
