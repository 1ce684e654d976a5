/**
 * The stand-in as a program in the `ovs` plugin's place. Like that one it first opens the network
 * namespace that it runs in, by the path that the library of CNI's own plugins uses.
 *
 * @module
 */

import { dirname } from "@std/path";
import { ovsStandIn } from "./ovs_stand_in.ts";
import { Ovsdb } from "./ovsdb.ts";
import { Place } from "../run/place.ts";
import { run } from "../run/process.ts";

/** `NSFS_MAGIC`, the type of the file system that namespaces are files of, as `stat` prints it. */
const NSFS = "6e736673";

/** Address of the database if the configuration names none. */
const DEFAULT_SOCKET = "unix:/var/run/openvswitch/db.sock";

const refusal = await openCurrentNamespace();
const { code, stdout } = refusal ? fail(refusal) : await standIn();
console.log(stdout);
Deno.exit(code);

/** Opens the namespace of this thread, the first of its process; returns why that failed. */
async function openCurrentNamespace(): Promise<string | undefined> {
  const path = `/proc/${Deno.pid}/task/${Deno.pid}/ns/net`;
  const { code, stdout, stderr } = await run("stat", { args: ["-fLc", "%t", path] });
  if (code !== 0) return `failed to Statfs "${path}": ${stderr.trim()}`;
  if (stdout.trim() !== NSFS) return `unknown FS magic on "${path}": ${stdout.trim()}`;
  (await Deno.open(path)).close();
}

function fail(why: string) {
  const msg = `failed to open current netns: ${why}`;
  return { code: 1, stdout: JSON.stringify({ cniVersion: "0.4.0", code: 999, msg }) };
}

async function standIn() {
  const stdin = await new Response(Deno.stdin.readable).text();
  const { socket_file: socket = DEFAULT_SOCKET } = JSON.parse(stdin);
  const directory = dirname(socket.replace(/^unix:/, ""));
  return await ovsStandIn(Ovsdb.at(directory), new Place())(stdin, Deno.env.toObject());
}
