/**
 * Programs that a switch with pods needs, and where Debian and Ubuntu have them.
 *
 * @module
 */

/** What runs the database alone. */
export const DATABASE_PROGRAMS = {
  "ovsdb-server": "openvswitch-switch",
  "ovsdb-tool": "openvswitch-switch",
};

/** What runs a switch, with pods and traffic. */
export const SWITCH_PROGRAMS = {
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
