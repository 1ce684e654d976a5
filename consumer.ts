/**
 * The executable `ovs-mirror-consumer`.
 *
 * @module
 */

import { main } from "./lib/main.ts";
import { consumer } from "./lib/mirror/role.ts";

await main(consumer);
