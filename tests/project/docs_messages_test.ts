import { assert, assertEquals } from "@std/assert";
import { codes, read, rows, section } from "../support/project/documents.ts";
import { compositionTest, errorTexts } from "../support/project/messages.ts";

const texts = errorTexts();
const document = read("docs/ERRORS.md");

Deno.test("errorTexts() follows constants, parameters, members and functions", () => {
  const samples = [
    "There is no bridge",
    "its output is a VLAN (RSPAN)",
    "mirrors per bridge, and this would be one more",
    "an ingress source",
    "the server did not answer in time",
    "must not be empty",
  ];
  assertEquals(samples.filter((text) => !texts.includes(text)), []);
});

Deno.test("each error message has its entry", () => {
  assertEquals(texts.filter((text) => !document.includes(text)), []);
});

Deno.test("each entry is of a message that the sources have", () => {
  const isComposed = compositionTest();
  const phrases = rows(document).flatMap((cells) => codes(messageCell(cells)));
  assert(phrases.length > 60);
  assertEquals(phrases.filter((phrase) => !isComposed(phrase)), []);
});

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
