/**
 * Networks of one mirror, to be checked by `lint`.
 *
 * @module
 */

/** A network that feeds or consumes mirror `m`, and has the given members besides. */
export function network(role: "producer" | "consumer", members = ""): string {
  return `apiVersion: k8s.cni.cncf.io/v1
kind: NetworkAttachmentDefinition
metadata:
  name: ${role}
spec:
  config: |-
    {
      "cniVersion": "1.0.0",
      "plugins": [
        { "type": "ovs", "bridge": "br1" },
        {
          "type": "ovs-mirror-${role}",
          "bridge": "br1",${members}
          "mirrors": [{ "name": "m"${role === "producer" ? ', "ingress": true' : ""} }]
        }
      ]
    }
`;
}

/** Both. */
export const PAIR = `${network("producer")}---\n${network("consumer")}`;
