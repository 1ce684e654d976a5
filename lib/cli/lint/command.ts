/**
 * `lint`: checks Kubernetes objects and network configurations before they are applied.
 *
 * @module
 */

import { CommandError, EXIT } from "../errors.ts";
import { parseOptions } from "../options.ts";
import type { Command, Terminal } from "../terminal.ts";
import { check, type Report } from "./check.ts";
import { type Document, readDocuments } from "./document.ts";
import { OPTIONS } from "./options.ts";
import { countOf, formatJson, formatText } from "./report.ts";
import { readSource, SourceError } from "./source.ts";

/** What is checked, for help. */
export const notes = `\
FILE is YAML with NetworkAttachmentDefinitions, pods and what makes pods, or a CNI configuration
in JSON; - is standard input. All files are checked together, so name those of a cluster in one
call. A comment in a document switches rules off there, by the names in brackets:

  # lint: ignore no-consumer

The exit status is 0 if there are no errors (with --strict, no warnings either), 1 if there are,
and 2 if the usage is invalid or a file can't be read.
`;

/** Checks files. */
export const run: Command = async (args, terminal) => {
  const { options, operands } = parseOptions(args, OPTIONS);
  if (operands.length === 0) {
    throw new CommandError("name the files to check, - for standard input");
  }
  const { documents, isComplete } = await readAll(operands, terminal);
  const report = check(documents);
  terminal.write(
    options.get("format") === "json" ? formatJson(report) : formatText(report, terminal.color),
  );
  return isComplete ? verdict(report, options.has("strict")) : EXIT.misuse;
};

/** A file that can't be read does not hide what is wrong with the others. */
async function readAll(files: readonly string[], terminal: Terminal) {
  const documents: Document[] = [];
  let isComplete = true;
  for (const file of new Set(files)) {
    try {
      documents.push(...readDocuments(file, await readSource(file)));
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      terminal.writeError(`lint: ${error.message}\n`);
      isComplete = false;
    }
  }
  return { documents, isComplete };
}

function verdict({ findings }: Report, isStrict: boolean): number {
  const decisive = isStrict ? findings.length : countOf(findings, "error");
  return decisive > 0 ? EXIT.problem : EXIT.success;
}
