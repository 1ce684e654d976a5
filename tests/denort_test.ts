import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { getDenort } from "../scripts/denort.ts";
import { type Finished, run, succeed } from "./support/process.ts";

const BUILD = fromFileUrl(new URL("../scripts/build.ts", import.meta.url));

const ARCH = Deno.build.arch;

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
