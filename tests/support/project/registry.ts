/**
 * A registry in JSR's place, with the library alone.
 *
 * @module
 */

import { join } from "@std/path";
import { run } from "../run/process.ts";
import { read, ROOT } from "./documents.ts";

/** A registry on this machine. Leaving the scope ends it. */
export interface Registry extends AsyncDisposable {
  /** What Deno takes as `JSR_URL`. */
  url: string;
}

/**
 * Starts a registry with the files that `deno publish` would send to JSR, and no others.
 *
 * @returns It, listening.
 */
export async function startRegistry(): Promise<Registry> {
  const { name, version, exports } = JSON.parse(read("deno.json"));
  const files: Record<string, string | Uint8Array<ArrayBuffer>> = {};
  const manifest: Record<string, unknown> = {};
  for (const path of await publishedFiles()) {
    const bytes = await Deno.readFile(join(ROOT, path));
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
    files[`/${name}/${version}/${path}`] = bytes;
    manifest[`/${path}`] = { size: bytes.length, checksum: `sha256-${digest}` };
  }
  files[`/${name}/meta.json`] = JSON.stringify({ latest: version, versions: { [version]: {} } });
  files[`/${name}/${version}_meta.json`] = JSON.stringify({ exports, manifest });
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, ({ url }) => {
    const body = files[new URL(url).pathname];
    return new Response(body, { status: body === undefined ? 404 : 200 });
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}/`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** Their paths in the project. */
async function publishedFiles(): Promise<string[]> {
  const args = ["publish", "--dry-run", "--allow-dirty", "--no-check"];
  const { stderr } = await run(Deno.execPath(), { args, cwd: ROOT, env: { NO_COLOR: "1" } });
  const found = Array.from(stderr.matchAll(/^ +file:\/\/(\S+) \(/gm), ([, path]) => path!);
  if (found.length === 0) throw new Error(`nothing would be published:\n${stderr}`);
  return found.map((path) => path.slice(ROOT.length));
}
