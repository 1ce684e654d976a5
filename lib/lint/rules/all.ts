/**
 * All rules but `yaml`, `json` and `annotation`, which reading gives.
 *
 * @module
 */

import { address } from "./address.ts";
import { allAndProducer } from "./all_and_producer.ts";
import { bridge } from "./bridge.ts";
import { direction } from "./direction.ts";
import { duplicate } from "./duplicate.ts";
import { field } from "./field.ts";
import { gc } from "./gc.ts";
import { kind } from "./kind.ts";
import { loop } from "./loop.ts";
import { memory } from "./memory.ts";
import { name } from "./name.ts";
import { noConsumer } from "./no_consumer.ts";
import { noProducer } from "./no_producer.ts";
import { node } from "./node.ts";
import { order } from "./order.ts";
import { placement } from "./placement.ts";
import { policy } from "./policy.ts";
import { remote } from "./remote.ts";
import type { Rule } from "./rule.ts";
import { socket } from "./socket.ts";
import { text } from "./text.ts";
import { tooManyMirrors } from "./too_many_mirrors.ts";
import { twoBridges } from "./two_bridges.ts";
import { twoConsumers } from "./two_consumers.ts";
import { type } from "./type.ts";
import { undefinedNetwork } from "./undefined_network.ts";
import { value } from "./value.ts";
import { version } from "./version.ts";

/** The rules, in the order in which findings of one line are told. */
export const RULES: readonly Rule[] = [
  ...[kind, text, placement, name, version, type, field, value, direction],
  ...[order, bridge, socket, policy, loop, address, memory],
  ...[duplicate, undefinedNetwork],
  ...[
    noConsumer,
    noProducer,
    allAndProducer,
    twoConsumers,
    remote,
    node,
    twoBridges,
    tooManyMirrors,
    gc,
  ],
];
