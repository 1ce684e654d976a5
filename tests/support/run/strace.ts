/**
 * System calls of a program.
 *
 * @module
 */

/** System calls by which a file, a process or a connection comes to be. */
const WATCHED = "trace=%file,%process,socket,connect,bind,listen,accept4";

/** Flags of `open` by which a file may change. */
const CHANGING_FLAGS = /O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_APPEND/;

/** Calls with a path that change nothing. */
const LOOKING =
  /^(?:open|openat|stat|lstat|newfstatat|statx|access|faccessat2?|readlink|readlinkat|getcwd|execve|chdir)$/;

/** One system call. */
export interface SystemCall {
  name: string;
  /** Its arguments, as strace shows them. */
  args: string;
}

/**
 * The command line that traces a program.
 *
 * @param report Where the report goes.
 * @returns What stands before the program.
 */
export function traced(report: string): string[] {
  return ["strace", "-f", "-qq", "-s", "4096", "-e", WATCHED, "-o", report];
}

/**
 * Reads a report.
 *
 * @param report The report's path.
 * @returns The calls, in order.
 */
export async function readTrace(report: string): Promise<SystemCall[]> {
  const lines = (await Deno.readTextFile(report)).split("\n");
  return lines.flatMap((line) => {
    const [, name, args] = /^\d+ +([a-z0-9_]+)\((.*)$/.exec(line) ?? [];
    return name === undefined ? [] : [{ name, args: args! }];
  });
}

/** Whether a call may change a file: opens it for that, or makes, renames or removes one. */
export function changesFile({ name, args }: SystemCall): boolean {
  if (!args.includes('"') || name === "connect") return false;
  return LOOKING.test(name) ? name.startsWith("open") && CHANGING_FLAGS.test(args) : true;
}

/** Paths that a call names. */
export function pathsOf({ args }: SystemCall): string[] {
  return Array.from(args.matchAll(/"([^"]*)"/g), ([, path]) => path!);
}
