/**
 * The files that a directory has to check.
 *
 * @module
 */

import { quote } from "../input/shape.ts";
import { SourceError } from "./source.ts";

/** Files of a directory that are checked, at most. */
const MAX_FILES = 100_000;

const KIND = /\.(?:ya?ml|json|conf|conflist)$/;

/** Names the files to check. */
export interface Listing {
  /** Their paths, in the order of their names. */
  files: string[];
  /** True if they were found in a directory. */
  isDirectory: boolean;
  /** The error that cut the list short. */
  fault?: SourceError;
}

/**
 * Finds the files that an operand of the command line means.
 *
 * @param path A path; a file means itself.
 * @returns All YAML and JSON files in it and below it, but for those of hidden directories, of npm's
 * packages and for Helm's templates, which are not YAML yet.
 */
export function filesAt(path: string): Listing {
  if (!isDirectory(path)) return { files: [path], isDirectory: false };
  const listing: Listing = { files: [], isDirectory: true };
  try {
    list(path.replace(/(?<=.)\/+$/, ""), listing.files);
  } catch (error) {
    if (error instanceof SourceError) return { ...listing, fault: error };
    const name = error instanceof Error ? error.name : String(error);
    return { ...listing, fault: new SourceError(`${quote(path)} cannot be read: ${name}`) };
  }
  return listing;
}

function list(directory: string, files: string[]): void {
  const entries = [...Deno.readDirSync(directory)].sort((a, b) => a.name < b.name ? -1 : 1);
  const isChart = entries.some(({ name }) => name === "Chart.yaml");
  const isSkipped = (name: string) =>
    name.startsWith(".") || name === "node_modules" || isChart && name === "templates";
  for (const { name, isDirectory: isBelow } of entries) {
    const path = directory === "/" ? `/${name}` : `${directory}/${name}`;
    // A symbolic link to a directory may lead back to it; it is not followed.
    if (isBelow) {
      if (!isSkipped(name)) list(path, files);
    } else if (KIND.test(name) && isFile(path)) {
      if (files.length === MAX_FILES) {
        throw new SourceError(`${quote(directory)} holds more than ${MAX_FILES} files`);
      }
      files.push(path);
    }
  }
}

function isDirectory(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    // Reading it says why.
    return false;
  }
}

/** Links that lead nowhere are common in sources. */
function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    return !(error instanceof Deno.errors.NotFound);
  }
}
