/**
 * The executable `ovs-mirror-producer`.
 *
 * @module
 */

import { main } from "./lib/main.ts";
import { producer } from "./lib/mirror/role.ts";

await main(producer);
