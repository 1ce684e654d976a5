/**
 * Properties of configurations.
 *
 * @module
 */

import { assert, assertEquals, assertInstanceOf } from "@std/assert";
import * as fc from "fast-check";
import {
  areDefaults,
  arePluginMembers,
  type Defaults,
  type MirrorConfiguration,
  resolveConfiguration,
} from "../../../lib/mirror/config/config.ts";
import { Refusal } from "../../../lib/mirror/refusal.ts";
import { consumer, producer, type Role } from "../../../lib/mirror/role.ts";
import { parseEndpoint } from "../../../lib/ovsdb/endpoint.ts";
import { isPrintable } from "../../../lib/input/shape.ts";
import type { Property } from "../property.ts";
import { pluginMembers } from "../requests.ts";

const ROLES = { producer, consumer };

const anything: fc.Arbitrary<unknown> = pluginMembers;

/** The properties. */
export const configProperties: readonly Property[] = [
  {
    name: "resolveConfiguration() refuses, or names a bridge and each mirror once with its columns",
    property: fc.property(
      fc.constantFrom("producer" as const, "consumer" as const),
      anything.filter(arePluginMembers),
      anything.filter(areDefaults),
      (name, members, defaults) => {
        let configuration: MirrorConfiguration;
        try {
          configuration = resolveConfiguration(ROLES[name], members, defaults);
        } catch (error) {
          return assertInvalid(error);
        }
        assertSound(ROLES[name], configuration);
        const { bridge, socket_file } = { ...defaults, ...withoutEmpty(members) };
        assertEquals(configuration.bridge, bridge);
        if (socket_file) assertEquals(configuration.endpoint, parseEndpoint(socket_file));
      },
    ),
  },
];

function assertInvalid(error: unknown): void {
  assertInstanceOf(error, Refusal);
  assertEquals((error as Refusal).reason, "invalid configuration");
}

function assertSound(role: Role, { bridge, mirrors }: MirrorConfiguration): void {
  assert(bridge !== "" && isPrintable(bridge));
  assertEquals(new Set(mirrors.map(({ name }) => name)).size, mirrors.length);
  for (const { name, columns } of mirrors) {
    assert(name !== "" && isPrintable(name) && columns.length > 0);
    assertEquals(new Set(columns).size, columns.length);
    assert(columns.every((column) => role.columns.includes(column)));
  }
}

function withoutEmpty({ bridge, socket_file }: Defaults) {
  return { ...bridge ? { bridge } : {}, ...socket_file ? { socket_file } : {} };
}
