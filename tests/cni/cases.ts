/**
 * The three test cases of the traffic mirroring specification: its pods, its networks, and the
 * traffic that shows what the mirrors carry.
 *
 * The specification's networks have no addresses and its producers nobody to talk to, so each pod
 * that talks has an address here, and pods called `peer` are added, which are in no mirror.
 *
 * @module
 */

import { both } from "../support/cni/chained.ts";
import { consumer, network, on, ovs, pod, producer, type WantedPod } from "../support/cni/pods.ts";

/** Echo requests of one pod to the address of another. */
export interface CasePing {
  /** The pod's name. */
  from: string;
  /** The address. */
  to: string;
  /** Names of the mirrors with an output that carry requests and replies. */
  mirrors: readonly string[];
}

/** A test case. */
export interface Case {
  title: string;
  pods: readonly WantedPod[];
  pings: readonly CasePing[];
}

const PRODUCER_1 = "10.1.0.1";
const PRODUCER_2 = "10.1.0.2";
const PEER = "10.1.0.9";
const PRODUCER_VLAN_200 = "10.2.0.2";
const PEER_VLAN_200 = "10.2.0.9";

/** A producer and a consumer of the same mirror in one pod; the other mirror has no consumer. */
const onePod: Case = {
  title: "Produce to 2 mirrors and consume from 1, in one pod",
  pods: [
    pod(
      "prod-cons",
      on(
        "eth1",
        network(
          "ovs-vlan100-prod-mir1-prod-mir2",
          ovs(100),
          producer(both("mirror-1"), both("mirror-2")),
        ),
        PRODUCER_1,
      ),
      on("eth2", network("ovs-vlan200-cons-mir1", ovs(), consumer("mirror-1"))),
    ),
    pod("peer", on("eth1", plain(100), PEER)),
  ],
  pings: [{ from: "prod-cons", to: PEER, mirrors: ["mirror-1"] }],
};

/** The second producer's network is `ovs-vlan100-prod-mir-2`, which the pod there misspells. */
const twoConsumers: Case = {
  title: "2 producers, to 2 mirrors and to 1 of them, and 2 consumers",
  pods: [
    pod(
      "producer-1",
      on(
        "eth1",
        network(
          "ovs-vlan100-prod-mir-1-prod-mir-2",
          ovs(100),
          producer(both("mirror-1"), both("mirror-2")),
        ),
        PRODUCER_1,
      ),
    ),
    pod(
      "producer-2",
      on(
        "eth1",
        network("ovs-vlan100-prod-mir-2", ovs(100), producer(both("mirror-1"))),
        PRODUCER_2,
      ),
    ),
    pod(
      "consumer-1",
      on("eth1", plain(200)),
      on("eth2", network("ovs-cons-mir-1", ovs(), consumer("mirror-1"))),
    ),
    pod(
      "consumer-2",
      on("eth1", plain(300)),
      on("eth2", network("ovs-cons-mir-2", ovs(), consumer("mirror-2"))),
    ),
    pod("peer", on("eth1", plain(100), PEER)),
  ],
  pings: [
    { from: "producer-2", to: PEER, mirrors: ["mirror-1"] },
    { from: "producer-1", to: PRODUCER_2, mirrors: ["mirror-1", "mirror-2"] },
  ],
};

/** Two producers on VLANs of their own, one pod that consumes both mirrors. */
const oneConsumer: Case = {
  title: "2 producers on 2 VLANs, to a mirror each, and 1 consumer of both",
  pods: [
    pod(
      "producer-1",
      on(
        "eth1",
        network("ovs-vlan100-prod-mir1", ovs(100), producer(both("mirror-1"))),
        PRODUCER_1,
      ),
    ),
    pod(
      "producer-2",
      on(
        "eth1",
        network("ovs-vlan200-prod-mir2", ovs(200), producer(both("mirror-2"))),
        PRODUCER_VLAN_200,
      ),
    ),
    pod(
      "consumer",
      on("eth1", plain(300)),
      on("eth2", network("ovs-cons-mir1", ovs(), consumer("mirror-1"))),
      on("eth3", network("ovs-cons-mir2", ovs(), consumer("mirror-2"))),
    ),
    pod("peer", on("eth1", plain(100), PEER), on("eth2", plain(200), PEER_VLAN_200)),
  ],
  pings: [
    { from: "producer-1", to: PEER, mirrors: ["mirror-1"] },
    { from: "producer-2", to: PEER_VLAN_200, mirrors: ["mirror-2"] },
  ],
};

/** The test cases, in the order of the specification. */
export const CASES: readonly Case[] = [onePod, twoConsumers, oneConsumer];

/** A network of one VLAN, without mirrors. */
function plain(vlan: number) {
  return network(`ovs-vlan${vlan}`, ovs(vlan));
}
