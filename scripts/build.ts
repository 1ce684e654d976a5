/**
 * Builds the executables: each role's program is bundled and minified, then put behind denort.
 *
 * `deno run -A scripts/build.ts [--arch x86_64|aarch64] [--out DIR] [--net ADDRESS,…]`
 *
 * @module
 */

import { brotliCompressSync } from "node:zlib";
import { parseArgs } from "@std/cli/parse-args";
import { dirname, fromFileUrl, join, relative } from "@std/path";
import { type Architecture, ARCHITECTURES, DenortError, getDenort } from "./denort.ts";
import { sourcesIn } from "./sources.ts";

/**
 * What the executables may do besides connecting. The socket and the configuration file may be
 * anywhere, and Deno wants read and write permission on a unix socket's path, in all versions. They
 * run nothing and load nothing.
 */
const PERMISSIONS = [
  "--no-prompt",
  "--allow-read",
  "--allow-write",
  "--allow-env=CNI_COMMAND,CNI_CONTAINERID,CNI_NETNS,CNI_IFNAME,CNI_ARGS,OVS_MIRROR_CACHE_DIR,OVS_MIRROR_TIMEOUT,OVS_MIRROR_WAIT,OVS_MIRROR_POLICY,OVS_MIRROR_SOCKET,NO_COLOR,TERM",
];

/**
 * V8 keeps less garbage: `show` of a large switch takes two thirds of the memory that it took, and
 * `lint` half. A plugin's call ends before there is any garbage to collect.
 */
const V8_FLAGS = "--v8-flags=--max-semi-space-size=8,--heap-growing-percent=30";

/** Unstable features of Deno: `capture` receives datagrams with it. */
const FEATURES = "--unstable-net";

/** Most that may be appended to denort, in bytes; more would be an accident. */
export const MAX_APPENDED_BYTES = 300_000;

const root = dirname(dirname(fromFileUrl(import.meta.url)));

/** Options of a build. */
export interface BuildOptions {
  arch: Architecture;
  /** Directory for the executables. */
  out: string;
  /** Addresses that they may connect to, separated by commas; any unless given. */
  net?: string;
  /** Ends the build at once. */
  signal?: AbortSignal;
}

/**
 * The permission to connect. Before 2.9, Deno needs none for unix sockets, and knows no name for
 * one here.
 *
 * @param net Addresses as `socket_file` has them, separated by commas; any unless given.
 * @param version The version of Deno.
 * @returns Arguments of `deno compile`.
 */
export function allowNet(net = "", version = Deno.version.deno): string[] {
  if (net === "") return ["--allow-net"];
  const [major, minor] = version.split(".").map(Number);
  const namesSockets = major! > 2 || minor! >= 9;
  const named = net.split(",").map((address) => address.replace(/^tcp:/, ""))
    .filter((address) => namesSockets || !address.startsWith("unix:"));
  return named.length === 0 ? [] : [`--allow-net=${named}`];
}

/**
 * Builds the plugins' executables.
 *
 * @param options What they are for and where they go.
 * @returns Their names, and how many bytes were appended to denort for each.
 */
export async function buildBoth(options: BuildOptions): Promise<Map<string, number>> {
  const appended = new Map<string, number>();
  for (const role of ["producer", "consumer"]) {
    const name = `ovs-mirror-${role}`;
    appended.set(name, await build(join(root, `${role}.ts`), name, options));
  }
  return appended;
}

/**
 * Builds one executable.
 *
 * @param entry Path of the program.
 * @param name Name of the executable.
 * @param options What it is for and where it goes.
 * @returns How many bytes were appended to denort.
 */
export async function build(entry: string, name: string, options: BuildOptions): Promise<number> {
  const denort = await getDenort(options.arch, options.signal);
  const work = await Deno.makeTempDir({ prefix: "ovs-mirror-build-" });
  try {
    const bundled = join(work, "bundle");
    await bundle(entry, bundled, options.signal);
    const compiled = join(work, name);
    const main = entry.split("/").at(-1)!.replace(/ts$/, "js");
    await compile(bundled, main, compiled, denort, options);
    const appended = (await Deno.stat(compiled)).size - (await Deno.stat(denort)).size;
    if (appended > MAX_APPENDED_BYTES) {
      throw new Error(`${name} has ${appended} bytes appended, ${MAX_APPENDED_BYTES} are allowed`);
    }
    await install(compiled, join(options.out, name));
    return appended;
  } finally {
    await Deno.remove(work, { recursive: true });
  }
}

/**
 * Bundles a program as the executables have it: minified, and with what only some calls need in
 * modules of its own, so that others do not load it.
 *
 * @param entry Path of the program.
 * @param out Directory for the modules; the program's own has its name.
 * @param signal Ends it at once.
 */
export async function bundle(entry: string, out: string, signal?: AbortSignal): Promise<void> {
  const work = await Deno.makeTempDir({ prefix: "ovs-mirror-build-" });
  try {
    const program = relative(root, entry);
    await copySources(work, program);
    const commands = ["--external", "./cli/command.ts"];
    const args = ["--code-splitting", ...commands, "--outdir", out, program];
    await minify(args, { cwd: work, signal });
  } finally {
    await Deno.remove(work, { recursive: true });
  }
  await packCommands(join(out, "cli"), signal);
}

/**
 * Copies what a program is made of. The bundler makes a module of what the same calls need; for
 * that to be one of all that each call needs, what only some calls load has to need it too.
 */
async function copySources(work: string, program: string): Promise<void> {
  const found = await Array.fromAsync(sourcesIn(join(root, "lib")));
  const sources = found.map((path) => relative(root, path))
    .filter((path) => !path.startsWith("lib/cli/"));
  const texts = new Map<string, string>();
  for (const path of ["deno.json", "deno.lock", program, ...sources]) {
    texts.set(path, await Deno.readTextFile(join(root, path)));
  }
  const later = sources.flatMap((path) =>
    Array.from(
      texts.get(path)!.matchAll(/\bimport\("(\.[^"]+)"\)/g),
      ([, target]) => join(dirname(path), target!),
    )
  );
  for (const [path, text] of texts) {
    const copy = join(work, path);
    await Deno.mkdir(dirname(copy), { recursive: true });
    const first = (later.includes(path) ? ALWAYS : [])
      .map((always) => `import "./${relative(dirname(path), always)}";\n`);
    await Deno.writeTextFile(copy, first.join("") + text);
  }
}

/** What each call needs, all in all: what programs import. */
const ALWAYS = ["lib/main.ts", "lib/mirror/role.ts"];

/** Bundles the commands for people by themselves, so that a plugin shares no module with them. */
async function packCommands(out: string, signal?: AbortSignal): Promise<void> {
  await minify(["--output", join(out, "command.ts"), "lib/cli/unpack.ts"], { signal });
  const commands = join(out, "command.js");
  // Packages' builds for browsers need no modules and no permissions of Node.
  const args = ["--platform", "browser", "--output", commands, "lib/cli/command.ts"];
  await minify(args, { signal });
  await Deno.writeFile(`${commands}.br`, brotliCompressSync(await Deno.readFile(commands)));
  await Deno.remove(commands);
}

async function minify(args: string[], options: Deno.CommandOptions): Promise<void> {
  await deno(["bundle", "--quiet", "--minify", ...args], options);
}

async function compile(
  bundle: string,
  main: string,
  output: string,
  denort: string,
  { arch, net, signal }: BuildOptions,
): Promise<void> {
  const permissions = [...PERMISSIONS, ...allowNet(net)];
  const args = [
    "compile",
    "--quiet",
    "--no-config",
    "--no-code-cache",
    V8_FLAGS,
    FEATURES,
    ...permissions,
  ];
  args.push("--target", `${arch}-unknown-linux-gnu`, "--include", ".", "--output", output, main);
  forgetTimes(bundle);
  await deno(args, { cwd: bundle, env: { DENORT_BIN: denort }, signal });
}

/** The times of files are put in too; without them, the same source gives the same executable. */
function forgetTimes(directory: string): void {
  for (const { name, isDirectory } of Deno.readDirSync(directory)) {
    const path = join(directory, name);
    if (isDirectory) forgetTimes(path);
    Deno.utimeSync(path, 0, 0);
  }
}

/** Puts a file in its place in one step, so that a running executable is not written into. */
async function install(from: string, to: string): Promise<void> {
  await Deno.mkdir(dirname(to), { recursive: true });
  await Deno.copyFile(from, `${to}.new`);
  await Deno.rename(`${to}.new`, to);
}

async function deno(args: string[], options: Deno.CommandOptions = {}): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd: root,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
    ...options,
  }).output();
  options.signal?.throwIfAborted();
  if (!success) throw new Error(`deno ${args[0]} failed:\n${new TextDecoder().decode(stderr)}`);
}

if (import.meta.main) {
  const options = parseArgs(Deno.args, {
    string: ["arch", "out", "net"],
    default: { arch: Deno.build.arch, out: join(root, "dist") },
  });
  const arch = ARCHITECTURES.find((name) => name === options.arch);
  if (!arch) {
    console.error(`no architecture ${options.arch}; use ${ARCHITECTURES.join(" or ")}`);
    Deno.exit(2);
  }
  try {
    for (const [name, appended] of await buildBoth({ arch, out: options.out, net: options.net })) {
      console.log(`${join(options.out, name)}  ${arch}, ${appended} bytes behind denort`);
    }
  } catch (error) {
    if (!(error instanceof DenortError)) throw error;
    console.error(error.message);
    Deno.exit(1);
  }
}
