/**
 * Path of the policy. A file of its own, as a node without one loads nothing else of it.
 *
 * @module
 */

/** The policy's path unless `OVS_MIRROR_POLICY` names another. */
export const DEFAULT_POLICY = "/etc/ovs-mirror-cni/policy.json";
