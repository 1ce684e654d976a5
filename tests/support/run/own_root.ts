/**
 * Directories that are at fixed places, for one process alone.
 *
 * @module
 */

import type { Ovsdb } from "../ovs/ovsdb.ts";

/** Runs a program in a mount namespace in which `/etc` and `/var` are others. */
const SCRIPT = 'mount --bind "$0/etc" /etc && mount --bind "$0/var" /var && exec "$@"';

/**
 * Prepares directories that a program sees as `/etc` and `/var`, with the socket of a database at
 * its usual place. Nothing of the machine's own is touched.
 *
 * @param db The database; the directories are in its directory.
 * @returns Where they are, and the command line that runs a program in them.
 */
export async function ownEtcAndVar(db: Ovsdb): Promise<{ root: string; through: string[] }> {
  const root = `${db.directory}/root`;
  await Deno.mkdir(`${root}/etc`, { recursive: true });
  await Deno.mkdir(`${root}/var/run/openvswitch`, { recursive: true });
  await Deno.link(db.socket, `${root}/var/run/openvswitch/db.sock`);
  const asRoot = Deno.uid() === 0 ? [] : ["--map-root-user"];
  return { root, through: ["unshare", "--mount", ...asRoot, "sh", "-c", SCRIPT, root] };
}
