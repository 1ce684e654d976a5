/**
 * The fields of the `ovs` plugin's configuration.
 *
 * Source: NetConf of ovs-cni.
 *
 * @module
 */

import * as z from "zod/mini";
import { integer, optional, text } from "./go.ts";

const vlan = optional(
  integer.check(z.refine((id) => id >= 0 && id <= 4095, "must be a VLAN from 0 to 4095")),
);
const count = optional(integer.check(z.refine((count) => count >= 0, "must not be negative")));
const range = z.object({ id: vlan, minID: vlan, maxID: vlan }, "must be an object").check(
  z.refine(({ minID, maxID }) => !((minID ?? 0) > (maxID ?? 4095)), "must begin before it ends"),
);

/** The members, and what each of them must be. */
export const OVS_FIELDS = z.object({
  type: text,
  bridge: optional(text),
  vlan,
  mtu: count,
  trunk: optional(z.array(range, 'must be a list of { "id": … } or { "minID": …, "maxID": … }')),
  deviceID: optional(text),
  ofport_request: count,
  interface_type: optional(text),
  configuration_path: optional(text),
  socket_file: optional(text),
  link_state_check_retries: count,
  link_state_check_interval: count,
});
