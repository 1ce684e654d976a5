/**
 * The project's documents, taken apart.
 *
 * @module
 */

import { fromFileUrl, join } from "@std/path";

/** The directory of the project, with a slash at its end. */
export const ROOT = fromFileUrl(new URL("../../..", import.meta.url));

/** Paths of all documents. */
export const documents: readonly string[] = [
  ...["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "bench/README.md", "docs/schema/README.md"],
  ...Array.from(Deno.readDirSync(`${ROOT}docs`), ({ name }) => `docs/${name}`)
    .filter((path) => path.endsWith(".md")),
];

/** Reads a file of the project. */
export function read(path: string): string {
  return Deno.readTextFileSync(join(ROOT, path));
}

/** The text between a heading and the next one of its level. */
export function section(text: string, heading: string): string {
  const [, after] = text.split(`\n## ${heading}\n`);
  if (after === undefined) throw new Error(`there is no section ${JSON.stringify(heading)}`);
  return after.split("\n## ")[0]!;
}

/** The cells of all table rows, without heads and the rules below them. */
export function rows(text: string): string[][] {
  const lines = text.split("\n");
  const isRule = (line: string | undefined) => /^\|[-| ]+\|$/.test(line ?? "");
  const body = lines.filter((line, index) =>
    /^\|.*\|$/.test(line) && !isRule(line) && !isRule(lines[index + 1])
  );
  return body.map((line) => line.slice(1, -1).split("|").map((cell) => cell.trim()));
}

/** Words in backticks. */
export function codes(text: string): string[] {
  return Array.from(text.matchAll(/`([^`]+)`/g), ([, code]) => code!);
}

/** Boxes of a flow chart by their names, as the paths that stand in them, and the arrows between. */
export function readPicture(text: string) {
  const [, chart] = /```mermaid\nflowchart LR\n([^`]+)```/.exec(text) ?? [];
  if (chart === undefined) throw new Error("there is no flow chart");
  const boxes = Array.from(chart.matchAll(/(\w+)\["([^"]+)"\]/g), ([, name, label]) => {
    const lines = label!.split("<br/>");
    return [name!, lines.filter((line) => /^\S+(\/|\.ts)$/.test(line))] as const;
  });
  const arrows = Array.from(
    chart.matchAll(/^ *(\w+)(?:\[[^\]]*\])? --> (\w+)/gm),
    ([, from, to]) => [from!, to!] as const,
  );
  return { places: Object.fromEntries(boxes), arrows };
}

/** GitHub's anchors for a document's headings. */
export function anchors(text: string): Set<string> {
  const headings = text.match(/^#+ .*$/gm) ?? [];
  return new Set(
    headings.map((heading) =>
      heading.replace(/^#+ /, "").toLowerCase().replace(/[^\w\- ]/g, "").replaceAll(" ", "-")
    ),
  );
}

function sourceFiles(directory: string): string[] {
  return Array.from(Deno.readDirSync(directory)).flatMap(({ name, isDirectory }) => {
    const path = `${directory}/${name}`;
    if (isDirectory) return sourceFiles(path);
    return name.endsWith(".ts") && !name.endsWith("_test.ts") ? [path] : [];
  });
}

/**
 * Reads the sources themselves.
 *
 * @param path A file below `lib/`, or a directory with a slash at its end; all if absent.
 * @returns The text, with what is escaped in literals unescaped.
 */
export function sourceText(path = ""): string {
  const place = `${ROOT}/lib/${path}`;
  const paths = place.endsWith("/") ? sourceFiles(place.slice(0, -1)) : [place];
  return paths.map((one) => Deno.readTextFileSync(one)).join("\n").replaceAll('\\"', '"');
}
