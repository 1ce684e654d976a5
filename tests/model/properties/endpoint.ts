/**
 * Properties of addresses.
 *
 * @module
 */

import { assertEquals, assertInstanceOf } from "@std/assert";
import * as fc from "fast-check";
import { type Endpoint, formatEndpoint, parseEndpoint } from "../../../lib/ovsdb/endpoint.ts";
import { text } from "../json.ts";
import type { Property } from "../property.ts";

const endpoint: fc.Arbitrary<Endpoint> = fc.oneof(
  fc.record({
    transport: fc.constant("unix" as const),
    path: text.map((name) => `/${name.replaceAll("\0", "")}`),
  }),
  fc.record({
    transport: fc.constant("tcp" as const),
    hostname: fc.oneof(fc.domain(), fc.ipV4(), fc.ipV6()),
    port: fc.integer({ min: 1, max: 65535 }),
  }),
);

/** Text that begins as an address does, and goes on as one or not. */
const address = fc.tuple(
  fc.constantFrom("", "unix:", "tcp:", "ssl:", "unix:/", "/", "tcp:[", "tcp:h:"),
  fc.oneof(text, fc.constantFrom("h:1", "::1]:6640", "::1]:0", "h:65536", "a b:1", ":1", "h:1e3")),
).map((parts) => parts.join(""));

/** The properties. */
export const endpointProperties: readonly Property[] = [
  {
    name: "parseEndpoint() reads what formatEndpoint() wrote",
    property: fc.property(endpoint, (given) => {
      assertEquals(parseEndpoint(formatEndpoint(given)), given);
    }),
  },
  {
    name: "parseEndpoint() throws nothing but TypeError, and what it reads can be written",
    property: fc.property(address, (given) => {
      let parsed: Endpoint;
      try {
        parsed = parseEndpoint(given);
      } catch (error) {
        return assertInstanceOf(error, TypeError);
      }
      assertEquals(parseEndpoint(formatEndpoint(parsed)), parsed);
    }),
  },
];
