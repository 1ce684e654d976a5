/**
 * Other programs, for tests.
 *
 * @module
 */

/** Seconds after which a program is taken to hang. */
const MAX_RUN = 300;

/** Exit status and output of a program. */
export interface Finished {
  code: number;
  stdout: string;
  stderr: string;
}

/** Options for running a program. */
export interface RunOptions {
  args?: readonly string[];
  stdin?: string | Uint8Array;
  env?: Record<string, string>;
  /** Whether the environment is the given one alone. */
  clearEnv?: boolean;
  cwd?: string;
  /** Gets the process id as soon as there is one. */
  started?: (pid: number) => void;
}

/**
 * Runs a program to its end.
 *
 * @param program Its name or path.
 * @param options Arguments, standard input and environment.
 * @returns What it left.
 * @throws {Error} It hangs.
 */
export async function run(program: string, options: RunOptions = {}): Promise<Finished> {
  const { args = [], stdin, started, ...rest } = options;
  const child = new Deno.Command(program, {
    ...rest,
    args: [...args],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
    // In a session of its own, it is not hit by an interrupt typed at the terminal.
    detached: true,
  }).spawn();
  let hangs = false;
  const end = setTimeout(() => {
    hangs = true;
    Deno.kill(-child.pid, "SIGKILL");
  }, MAX_RUN * 1000);
  started?.(child.pid);
  const [output] = await Promise.all([child.output(), feed(child.stdin, stdin)]);
  clearTimeout(end);
  if (hangs) throw new Error(`${program} ${args.join(" ")} did not end within ${MAX_RUN} s`);
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code: output.code, stdout: text(output.stdout), stderr: text(output.stderr) };
}

/**
 * Runs a program that has to succeed.
 *
 * @param program Its name or path.
 * @returns Its standard output.
 * @throws {Error} It failed; the message has what it wrote.
 */
export async function succeed(program: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await run(program, { args });
  if (code === 0) return stdout;
  throw new Error(`${program} ${args.join(" ")} failed (${code}): ${stderr || stdout}`);
}

/** A program that does not read to the end has decided already; that is no failure here. */
async function feed(
  stdin: WritableStream<Uint8Array>,
  content: string | Uint8Array = "",
): Promise<void> {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  const writer = stdin.getWriter();
  await writer.write(bytes).then(() => writer.close()).catch(() => {});
}

/**
 * Waits until something is so.
 *
 * @param what What is waited for, for the message.
 * @param probe Returns anything but false, null or undefined once it is so.
 * @param seconds How long to wait.
 * @returns What the probe returned.
 * @throws {Error} It did not come to be.
 */
export async function until<T>(
  what: string,
  probe: () => Promise<T | false | null | undefined> | T | false | null | undefined,
  seconds = 20,
): Promise<T> {
  const end = Date.now() + seconds * 1000;
  while (Date.now() < end) {
    const value = await probe();
    if (value !== false && value !== null && value !== undefined) return value;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`waited ${seconds} s in vain for ${what}`);
}
