/**
 * Entries that the plugins write into `external_ids` of mirrors, besides the owner.
 *
 * @module
 */

import { stringMap } from "../../ovsdb/value.ts";

/** The row's options came from a consumer, and are removed with it. */
export const FROM_CONSUMER = stringMap({ "ovs-mirror-options": "consumer" });

/** The row's filter came from a consumer; not every version of Open vSwitch has a column for it. */
export const FILTER_FROM_CONSUMER = stringMap({ "ovs-mirror-filter": "consumer" });

/** A consumer made all ports of the bridge sources. */
export const ALL_FROM_CONSUMER = stringMap({ "ovs-mirror-all": "consumer" });

/** The row was made for a further consumer, with the sources of the other rows of its name. */
export const SHARED = stringMap({ "ovs-mirror-shared": "consumer" });

/** The row's consumer shares the mirror with others. */
export const SHARES = stringMap({ "ovs-mirror-shares": "consumer" });

/** For `excludes`: a row without both marks. */
export const OPTIONS_OR_SHARES = stringMap({
  "ovs-mirror-options": "consumer",
  "ovs-mirror-shares": "consumer",
});

/** The key whose value is the far end of a tunnel, at its port and interface and at mirrors. */
export const REMOTE = "ovs-mirror-remote";

/** Ports were attached to the mirror by hand; the key's prefix is followed by a row of `Port`. */
export const BY_HAND = stringMap({ "ovs-mirror-hand": "on" });
export const BY_HAND_PREFIX = "ovs-mirror-hand-";
