/**
 * Programs that tests need, and the packages of Debian and Ubuntu that have them.
 *
 * @module
 */

/** Directory of CNI's own plugins on Debian and Ubuntu. */
export const CNI_PLUGINS = "/usr/lib/cni";

/** Programs to the packages that have them. */
export type Packages = Readonly<Record<string, string>>;

/** Programs for a database. */
export const DATABASE_PROGRAMS: Packages = {
  "ovsdb-server": "openvswitch-switch",
  "ovsdb-tool": "openvswitch-switch",
};

/** Programs for a switch with pods and traffic. */
export const SWITCH_PROGRAMS: Packages = {
  ...DATABASE_PROGRAMS,
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

/** Further programs for containers on such a switch, whatever runs them. */
export const CONTAINER_PROGRAMS: Packages = {
  ...SWITCH_PROGRAMS,
  "busybox": "busybox-static",
  "host-local": "containernetworking-plugins",
};

/** All that any test needs. What is no program is named by its path. */
export const ALL_PROGRAMS: Packages = {
  ...CONTAINER_PROGRAMS,
  "podman": "podman",
  "conmon": "conmon",
  "crun": "crun",
  "containerd": "containerd",
  "ctr": "containerd",
  "runc": "runc",
  "strace": "strace",
  "strip": "binutils",
  "shellcheck": "shellcheck",
  "tshark": "tshark",
  "time": "time",
  "script": "bsdutils",
  "zsh": "zsh",
  "fish": "fish",
  "zip": "zip",
  "unzip": "unzip",
  "groff": "groff-base",
  "curl": "curl",
  "git": "git",
  "go": "golang-go",
  "python3": "python3",
  "/etc/ssl/certs/ca-certificates.crt": "ca-certificates",
  "/usr/lib/python3/dist-packages/prometheus_client": "python3-prometheus-client",
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
 * @param program Its name, or an absolute path.
 * @returns Whether it is in a directory of `PATH`, among CNI's plugins, or there as it is named.
 */
export function isInstalled(program: string): boolean {
  const directories = [...(Deno.env.get("PATH") ?? "").split(":"), CNI_PLUGINS];
  if (program.startsWith("/")) return typeOf(program) !== undefined;
  return directories.some((directory) => typeOf(`${directory}/${program}`)?.isFile);
}

/** Adds the directories of daemons to `PATH`, which not everybody has there. */
export function findDaemons(): void {
  const path = Deno.env.get("PATH") ?? "";
  const more = ["/usr/sbin", "/sbin"].filter((directory) => !path.split(":").includes(directory));
  Deno.env.set("PATH", [path, ...more].join(":"));
}

function typeOf(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.statSync(path);
  } catch {
    return undefined;
  }
}
