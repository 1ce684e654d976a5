/**
 * A database that is reached over TCP.
 *
 * @module
 */

import type { Ovsdb } from "./ovsdb.ts";
import { succeed, until } from "../run/process.ts";

/** Lets a server listen on a free port of this machine too. */
export async function listenTcp({ directory }: Ovsdb): Promise<number> {
  const control = ["-t", `${directory}/server.ctl`, "ovsdb-server/add-remote"];
  await succeed("ovs-appctl", ...control, "ptcp:0:127.0.0.1");
  return await until("the TCP port", async () => {
    const log = await Deno.readTextFile(`${directory}/server.log`);
    const port = /listening on port (\d+)/.exec(log)?.[1];
    return port ? Number(port) : undefined;
  });
}
