/**
 * `ovs-vswitchd` with a database of its own.
 *
 * @module
 */

import { Daemon } from "../run/daemon.ts";
import { Place } from "../run/place.ts";
import type { Ovsdb } from "./ovsdb.ts";

/**
 * Runs a switch that touches neither the kernel's datapath nor other switches.
 *
 * @param db The database that configures it.
 * @param dummies `--enable-dummy`: ports may be dummies. `--enable-dummy=override`: all are, and
 * nothing of the machine is touched.
 * @param place Where it runs.
 * @returns The switch, to be ended by the caller.
 */
export function runSwitch(
  { directory, socket }: Ovsdb,
  dummies: "--enable-dummy" | "--enable-dummy=override",
  place: Place = new Place(),
): Daemon {
  const command = [
    "ovs-vswitchd",
    `unix:${socket}`,
    "--disable-system",
    dummies,
    "--no-chdir",
    `--pidfile=${directory}/ovs-vswitchd.pid`,
    `--log-file=${directory}/vswitchd.log`,
  ];
  const env = { OVS_RUNDIR: directory, OVS_LOGDIR: directory, OVS_DBDIR: directory };
  return new Daemon(place, command, { env });
}
