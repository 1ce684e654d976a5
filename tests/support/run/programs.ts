/**
 * Programs that tests need, and the packages of Debian and Ubuntu that have them.
 *
 * @module
 */

/** Where Debian and Ubuntu have CNI's own plugins. */
export const CNI_PLUGINS = "/usr/lib/cni";

/** Programs to the packages that have them. */
export type Packages = Readonly<Record<string, string>>;

/** What a switch with pods and traffic needs. */
export const SWITCH_PROGRAMS: Packages = {
  "ovsdb-server": "openvswitch-switch",
  "ovsdb-tool": "openvswitch-switch",
  "ovs-vswitchd": "openvswitch-switch",
  "ovs-appctl": "openvswitch-switch",
  "unshare": "util-linux",
  "nsenter": "util-linux",
  "mount": "mount",
  "umount": "mount",
  "ip": "iproute2",
  "ping": "iputils-ping",
  "tcpdump": "tcpdump",
};

/** What containers on such a switch need besides, whatever runs them. */
export const CONTAINER_PROGRAMS: Packages = {
  ...SWITCH_PROGRAMS,
  "busybox": "busybox-static",
  "host-local": "containernetworking-plugins",
};

/** Programs that are missing on a machine. */
export interface Missing {
  programs: string[];
  /** The command that installs them, in words. */
  command: string[];
}

/**
 * Looks programs up in `PATH`.
 *
 * @param packages Programs to the packages that have them.
 * @returns What is missing; nothing if all are there.
 */
export function findMissing(packages: Packages): Missing | undefined {
  const programs = Object.keys(packages).filter((program) => !isInstalled(program));
  if (programs.length === 0) return undefined;
  const names = new Set(programs.map((program) => packages[program]!));
  return { programs, command: ["apt-get", "install", ...names] };
}

/**
 * Tells whether a program is there.
 *
 * @param program Its name.
 * @returns Whether it is in a directory of `PATH`, or among CNI's plugins.
 */
export function isInstalled(program: string): boolean {
  const directories = [...(Deno.env.get("PATH") ?? "").split(":"), CNI_PLUGINS];
  return directories.some((directory) => exists(`${directory}/${program}`));
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
