/**
 * Examples of the library: programs in `examples/library/`, and pieces in the documentation of
 * what it exports. Each says by which command line it runs.
 *
 * @module
 */

import { join } from "@std/path";
import { ROOT } from "./documents.ts";
import { type Finished, run, type RunOptions } from "../run/process.ts";

/** The database's socket in the examples. */
const SOCKET = "/var/run/openvswitch/db.sock";

/** A program with the permissions that it says it needs. */
export interface Example {
  name: string;
  source: string;
  permissions: string[];
}

/**
 * Finds the examples in a module's documentation.
 *
 * @param path The module's path in the project.
 * @returns The examples, named by the line that introduces them.
 */
export function examplesIn(path: string): Example[] {
  const source = Deno.readTextFileSync(join(ROOT, path));
  const found = source.matchAll(/^ \* @example (.*)\n \* ```ts\n((?: \*.*\n)+?) \* ```$/gm);
  return Array.from(found, ([, name, text]) => {
    const code = text!.replaceAll(/^ \* ?/gm, "");
    return { name: `${path}: ${name}`, source: code, permissions: permissionsOf(code) };
  });
}

/** A program of `examples/library/`. */
export function program(name: string): Example {
  const source = Deno.readTextFileSync(join(ROOT, "examples/library", name));
  return { name, source, permissions: permissionsOf(source) };
}

/** The permissions of the command line that a program says it is run by. */
function permissionsOf(source: string): string[] {
  const [, flags] = /deno run((?: --[\w-]+(?:=\S+)?)+)/.exec(source) ?? [];
  if (flags === undefined) throw new Error(`no permissions are told in:\n${source}`);
  return flags.trim().split(" ");
}

/**
 * Runs an example of the documentation, with another database than it names.
 *
 * @param socket Path of the database's socket.
 * @param options Arguments, standard input and environment.
 * @returns What it left.
 */
export async function runExample(
  example: Example,
  socket: string,
  options: RunOptions = {},
): Promise<Finished> {
  return await withFiles([example.source.replaceAll(SOCKET, socket)], ([path]) => {
    const permissions = example.permissions.map((flag) => flag.replaceAll(SOCKET, socket));
    const args = ["--no-prompt", ...permissions, path!, ...options.args ?? []];
    return deno("run", args, options);
  });
}

/**
 * Starts a program of `examples/library/`, or a copy of it.
 *
 * @param args What it is called with.
 * @param place The copy's directory, and its environment.
 * @returns Its process; what it prints is to be read.
 */
export function startProgram(
  { name, permissions }: Example,
  args: string[],
  place: Pick<Deno.CommandOptions, "cwd" | "env"> = { cwd: join(ROOT, "examples/library") },
): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    ...place,
    args: ["run", "--quiet", "--no-prompt", ...permissions, name, ...args],
    stdin: "null",
    stdout: "piped",
  }).spawn();
}

/** Type checks programs. */
export async function checkSources(sources: readonly string[]): Promise<Finished> {
  return await withFiles(sources, (paths) => deno("check", paths));
}

async function withFiles<T>(
  sources: readonly string[],
  action: (paths: string[]) => Promise<T>,
): Promise<T> {
  const directory = await Deno.makeTempDir({ prefix: "ovs-mirror-test-" });
  try {
    const paths = sources.map((_, index) => `${directory}/example_${index}.ts`);
    for (const [index, path] of paths.entries()) await Deno.writeTextFile(path, sources[index]!);
    return await action(paths);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

function deno(command: string, args: string[], options: RunOptions = {}): Promise<Finished> {
  const config = ["--quiet", "--config", join(ROOT, "deno.json")];
  const env = { NO_COLOR: "1", ...options.env };
  return run(Deno.execPath(), { ...options, args: [command, ...config, ...args], env });
}
