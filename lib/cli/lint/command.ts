/**
 * `lint`: checks Kubernetes objects and network configurations before they are applied.
 *
 * @module
 */

import { CommandError, EXIT } from "../errors.ts";
import { parseOptions } from "../options.ts";
import type { Command, Terminal } from "../terminal.ts";
import { FileError, MAX_FILE_BYTES, readRegular } from "../../input/files.ts";
import { ShapeError } from "../../input/shape.ts";
import { parsePolicy } from "../../plugin/policy.ts";
import type { Policy } from "../../policy/policy.ts";
import { explain } from "../../schema/explain.ts";
import { Checker, type LintReport } from "../../lint/check.ts";
import { readDocuments } from "../../lint/document.ts";
import { filesAt } from "../../lint/directory.ts";
import { FORMATS, OPTIONS } from "./options.ts";
import { countOf, formatGithub, formatJson, formatText } from "../../lint/report.ts";
import { formatSarif } from "../../lint/sarif.ts";
import { readSource, SourceError } from "../../lint/source.ts";

/** The notes for help. */
export const notes = `\
FILE is YAML with NetworkAttachmentDefinitions, pods and what makes pods, or a CNI configuration
in JSON; - is standard input. Of a directory, all YAML and JSON files are checked, except those in
hidden directories, node_modules and Helm's templates, and except files that can't be read and
mention none of this. All files are checked together, so name those of a cluster in one call. Of a
chart, check what it makes:

  ovs-mirror-producer lint <(helm template my-chart) networks.yaml

A comment in a document switches rules off there, by the names in brackets:

  # lint: ignore no-consumer

The exit status is 0 if there are no errors (with --strict, no warnings either), 1 if there are,
and 2 if the usage is invalid or a file can't be read.
`;

/** The writers of each format. */
const WRITE: Readonly<
  Record<typeof FORMATS[number], (report: LintReport, color: boolean) => string>
> = {
  text: formatText,
  json: formatJson,
  github: formatGithub,
  sarif: formatSarif,
};

/** Checks files. */
export const run: Command = async (args, terminal) => {
  const { options, operands } = parseOptions(args, OPTIONS);
  const policy = await readPolicy(options.get("policy"));
  if (operands.length === 0 && !policy) {
    throw new CommandError("name the files to check, - for standard input");
  }
  const checker = new Checker(policy);
  await readAll(operands, checker, terminal);
  const report = checker.report();
  const format = FORMATS.find((format) => format === options.get("format")) ?? "text";
  terminal.write(WRITE[format](report, terminal.color));
  return report.unread > 0 ? EXIT.misuse : verdict(report, options.has("strict"));
};

/** A policy is whole, or nothing is checked by it. */
async function readPolicy(file: string | undefined): Promise<Policy | undefined> {
  if (file === undefined) return undefined;
  try {
    const content = await readRegular(file, { followLinks: true, maxBytes: MAX_FILE_BYTES });
    if (content) return parsePolicy(file, content);
  } catch (error) {
    if (error instanceof ShapeError) throw new CommandError(explain(error));
    if (error instanceof FileError) throw new CommandError(`the policy ${error.message}`);
    throw error;
  }
  throw new CommandError(`there is no policy ${file}`);
}

/** A file that can't be read does not hide what is wrong with the others. */
async function readAll(
  operands: readonly string[],
  checker: Checker,
  terminal: Terminal,
): Promise<void> {
  const fail = ({ message }: SourceError) => {
    terminal.writeError(`${terminal.program}: ${message}\n`);
    checker.unread++;
  };
  const listings = operands.map(filesAt);
  for (const { fault } of listings) if (fault) fail(fault);
  const named = new Set(listings.flatMap(({ files, isDirectory }) => isDirectory ? [] : files));
  for (const file of new Set(listings.flatMap(({ files }) => files))) {
    const isNamed = named.has(file);
    try {
      const documents = readDocuments(file, await readSource(file), isNamed);
      for (const document of documents) checker.add(document);
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      // Long files are mostly schemas, which name every kind there is.
      const isOurs = error.text?.includes("ovs-mirror-") ?? true;
      if (isNamed || isOurs) fail(error);
    }
  }
}

function verdict({ findings }: LintReport, isStrict: boolean): number {
  const decisive = isStrict ? findings.length : countOf(findings, "error");
  return decisive > 0 ? EXIT.problem : EXIT.success;
}
