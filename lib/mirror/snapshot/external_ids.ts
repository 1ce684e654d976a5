/**
 * What the plugins write into `external_ids` of mirrors, besides the owner.
 *
 * @module
 */

import { stringMap } from "../../ovsdb/value.ts";

/** The row's options came from a consumer, and go with it. */
export const FROM_CONSUMER = stringMap({ "ovs-mirror-options": "consumer" });

/** So did its filter, for which not every version of Open vSwitch has a column. */
export const FILTER_FROM_CONSUMER = stringMap({ "ovs-mirror-filter": "consumer" });

/** All ports of the bridge are sources, because a consumer said so. */
export const ALL_FROM_CONSUMER = stringMap({ "ovs-mirror-all": "consumer" });

/** The row was made for a further consumer, with the sources of the others of its name. */
export const SHARED = stringMap({ "ovs-mirror-shared": "consumer" });

/** The row's consumer takes part though there are others, and others may. */
export const SHARES = stringMap({ "ovs-mirror-shares": "consumer" });

/** A row that excludes this has neither of the two marks. */
export const OPTIONS_OR_SHARES = stringMap({
  "ovs-mirror-options": "consumer",
  "ovs-mirror-shares": "consumer",
});

/** The key whose value is the far end of a tunnel, at its port and interface and at mirrors. */
export const REMOTE = "ovs-mirror-remote";

/** Ports were attached to the mirror by hand; what follows the key's prefix is a row of `Port`. */
export const BY_HAND = stringMap({ "ovs-mirror-hand": "on" });
export const BY_HAND_PREFIX = "ovs-mirror-hand-";
