/**
 * Where a policy is. By itself, as a node without one loads nothing else of it.
 *
 * @module
 */

/** Where a node has its policy unless `OVS_MIRROR_POLICY` says otherwise. */
export const DEFAULT_POLICY = "/etc/ovs-mirror-cni/policy.json";
