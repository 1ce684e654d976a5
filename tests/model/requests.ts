/**
 * Generated requests of a runtime: right ones, and ones that come near.
 *
 * @module
 */

import * as fc from "fast-check";
import { SUPPORTED_VERSIONS } from "../../lib/cni/version.ts";
import { jsonLikeBytes } from "./bytes.ts";
import { json, nearMiss, text } from "./json.ts";

/** Text that is longer than any message may quote. */
export const longText: fc.Arbitrary<string> = fc.string({ minLength: 70, maxLength: 90 });

const version = fc.constantFrom<string>(...SUPPORTED_VERSIONS);
const anyText = fc.oneof(text, longText);
const optional = (value: fc.Arbitrary<unknown>) => fc.option(value, { nil: undefined });

/** A prevResult. */
export const prevResult: fc.Arbitrary<Record<string, unknown>> = nearMiss({
  cniVersion: version,
  interfaces: fc.array(nearMiss({ name: anyText, sandbox: anyText, mtu: fc.nat() }), {
    maxLength: 3,
  }),
  ips: fc.array(nearMiss({ address: fc.constantFrom("10.0.0.1/8", "fd00::1/64"), version: text }), {
    maxLength: 2,
  }),
  dns: json,
});

const ofProducer = { name: anyText, ingress: fc.boolean(), egress: fc.boolean() };
const ofConsumer = {
  shared: fc.boolean(),
  all: fc.boolean(),
  vlans: fc.array(fc.integer({ min: -1, max: 4096 }), { maxLength: 3 }),
  snaplen: fc.oneof(fc.integer({ min: 12, max: 16 }), fc.integer({ min: 65_530, max: 65_540 })),
  filter: anyText,
};

const remote = nearMiss({
  type: fc.constantFrom("erspan", "gre", "vxlan", "geneve", "gtpu"),
  address: fc.oneof(anyText, fc.constantFrom("192.0.2.10", "2001:db8::10", "224.0.0.1", "::1")),
  key: fc.constantFrom(0, 7, 1023, 1024, 0xffffff, 0x1000000, 0xffffffff, 0x100000000),
  source: fc.oneof(anyText, fc.constantFrom("192.0.2.1", "2001:db8::1")),
  port: fc.integer({ min: 65_530, max: 65_540 }),
  version: fc.integer({ min: 0, max: 3 }),
  index: fc.constantFrom(-1, 0, 0xfffff, 0x100000),
  direction: fc.constantFrom("ingress", "egress", "both"),
  hardware: fc.integer({ min: 60, max: 66 }),
  ttl: fc.integer({ min: -1, max: 2 }),
  dscp: fc.integer({ min: 62, max: 65 }),
});

/** Members of a configuration that are the mirror plugins' own. */
export const pluginMembers: fc.Arbitrary<Record<string, unknown>> = nearMiss({
  bridge: anyText,
  socket_file: fc.oneof(anyText, fc.constantFrom("unix:/db.sock", "tcp:[::1]:6640")),
  configuration_path: anyText,
  mirrors: fc.array(
    fc.oneof(
      nearMiss(ofProducer),
      nearMiss({ ...ofProducer, ...ofConsumer }),
      nearMiss({ ...ofProducer, snaplen: ofConsumer.snaplen, remote }),
    ),
    { maxLength: 3 },
  ),
});

/** GC's list of valid attachments. */
export const validAttachments: fc.Arbitrary<unknown> = fc.array(
  nearMiss({ containerID: anyText, ifname: anyText }),
  { maxLength: 3 },
);

const networkMembers = nearMiss({
  cniVersion: version,
  name: fc.constantFrom("net", "a.b-c"),
  prevResult,
  "cni.dev/valid-attachments": validAttachments,
});

/** A network configuration. */
export const configuration: fc.Arbitrary<Record<string, unknown>> = fc
  .tuple(networkMembers, pluginMembers)
  .map((parts) => Object.fromEntries(parts.flatMap((part) => Object.entries(part))));

/** Standard input: most often a configuration, possibly damaged. */
export const standardInput: fc.Arbitrary<Uint8Array> = fc.oneof(
  { weight: 6, arbitrary: configuration.map(encode) },
  { weight: 1, arbitrary: json.map(encode) },
  { weight: 1, arbitrary: jsonLikeBytes },
  { weight: 2, arbitrary: fc.tuple(configuration.map(encode), fc.nat(), fc.nat(255)).map(damage) },
);

/** The variables that a runtime sets. */
export const variables: fc.Arbitrary<Record<string, string | undefined>> = fc.record({
  CNI_COMMAND: fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom("ADD", "CHECK", "DEL", "GC", "STATUS", "VERSION") },
    optional(anyText),
  ),
  CNI_CONTAINERID: oftenOne("container-1"),
  CNI_NETNS: oftenOne("/var/run/netns/test"),
  CNI_IFNAME: oftenOne("eth1"),
}) as fc.Arbitrary<Record<string, string | undefined>>;

/** A good value, or any other text, or nothing. */
export function oftenOne(value: string): fc.Arbitrary<string | undefined> {
  return fc.oneof(
    { weight: 6, arbitrary: fc.constant(value) },
    { weight: 1, arbitrary: anyText },
    { weight: 1, arbitrary: fc.constantFrom("", ".", "..", "../x", "a/b", undefined) },
  );
}

function encode(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

function damage([bytes, where, byte]: [Uint8Array, number, number]): Uint8Array {
  const damaged = bytes.slice();
  damaged[where % bytes.length] = byte;
  return damaged;
}
