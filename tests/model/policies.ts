/**
 * Generated policies and requests, and a second decision that is as plain as can be.
 *
 * @module
 */

import * as fc from "fast-check";
import type { PolicyRequest, RequestedMirror } from "../../lib/policy/decision.ts";
import type { ConsumerRule, Policy, ProducerRule } from "../../lib/policy/policy.ts";
import { nearMiss, text } from "./json.ts";

const PATHS = ["/etc/ovs.conf", "/etc/shadow", "/etc/../etc/ovs.conf", "ovs.conf"];
const ADDRESSES = ["/run/db.sock", "unix:/run/db.sock", "tcp:[::1]:6640", "tcp:h:6640", "ssl:h:1"];
const REMOTES = ["10.0.0.1", "10.0.0.255", "10.1.0.0", "192.0.2.1", "0.0.0.0", "::", "::1"]
  .concat("::ffff:10.0.0.1", "2001:db8::1", "2001:db8:8000::", "2001:db9::", "nowhere", "");

const few = <Value>(values: fc.Arbitrary<Value>) => fc.array(values, { maxLength: 3 });
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined, freq: 2 });

/** Short names of few letters, so that they meet; and patterns of them. */
const name = fc.string({ unit: fc.constantFrom("a", "b", "-", "."), minLength: 1, maxLength: 5 });
const pattern = fc.string({
  unit: fc.constantFrom("a", "b", "-", ".", "*", "*"),
  minLength: 1,
  maxLength: 5,
});
const vlan = fc.constantFrom(0, 100, 200, 4095);

const network = fc.oneof(
  fc.constantFrom("10.0.0.1", "::1", "2001:db8::1", "0.0.0.0/0", "::/0"),
  fc.tuple(fc.constantFrom(0x0a000000n, 0x0a010000n, 0xc0000200n), fc.nat(32)).map(
    ([address, bits]) => `${dotted(address >> BigInt(32 - bits) << BigInt(32 - bits))}/${bits}`,
  ),
  fc.constantFrom(3, 32, 33, 48, 127, 128).map((bits) => `2001:db8::/${bits < 32 ? 128 : bits}`),
);

function dotted(address: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => address >> shift & 255n).join(".");
}

const rule = {
  namespaces: maybe(few(fc.oneof(pattern, fc.constant("")))),
  bridges: maybe(few(pattern)),
  mirrors: maybe(few(pattern)),
};
const consumerRule: fc.Arbitrary<ConsumerRule> = fc.record({
  ...rule,
  all: maybe(fc.boolean()),
  shared: maybe(fc.boolean()),
  vlans: maybe(fc.oneof(fc.boolean(), few(vlan))),
}).map(withoutAbsent);
const producerRule: fc.Arbitrary<ProducerRule> = fc.record({
  ...rule,
  remotes: maybe(few(network)),
})
  .map(withoutAbsent);

/** A policy. */
export const policy: fc.Arbitrary<Policy> = fc.record({
  databases: maybe(few(fc.constantFrom(...ADDRESSES.slice(0, 4)))),
  configurationFiles: maybe(few(fc.constantFrom(...PATHS.slice(0, 2)))),
  consumers: maybe(few(consumerRule)),
  producers: maybe(few(producerRule)),
  byHand: maybe(fc.oneof(fc.boolean(), fc.record({ seconds: fc.nat() }))),
}).map(withoutAbsent);

/** A policy, or what comes near to one. */
export const policyLike: fc.Arbitrary<unknown> = fc.oneof(
  policy,
  nearMiss({
    databases: few(fc.oneof(fc.constantFrom(...ADDRESSES), text)),
    configurationFiles: few(fc.oneof(fc.constantFrom(...PATHS), text)),
    consumers: few(
      fc.oneof(consumerRule, nearMiss({ mirrors: few(text), vlans: few(fc.integer()) })),
    ),
    producers: few(fc.oneof(producerRule, nearMiss({ remotes: few(fc.oneof(network, text)) }))),
    byHand: fc.oneof(fc.boolean(), nearMiss({ seconds: fc.integer() })),
  }),
);

const mirror: fc.Arbitrary<RequestedMirror> = fc.record({
  name,
  all: maybe(fc.boolean()),
  shared: maybe(fc.boolean()),
  vlans: maybe(fc.array(vlan, { minLength: 1, maxLength: 3 })),
  remote: maybe(fc.constantFrom(...REMOTES).map((address) => ({ address }))),
});

/** A request. */
export const policyRequest: fc.Arbitrary<PolicyRequest> = fc.record({
  role: fc.constantFrom("producer", "consumer"),
  namespace: maybe(fc.oneof(name, fc.constant(""))),
  configurationPath: maybe(fc.constantFrom(...PATHS)),
  database: maybe(fc.constantFrom(...ADDRESSES)),
  bridge: maybe(name),
  mirrors: few(mirror),
});

function withoutAbsent<Value extends object>(value: Value): Value {
  return JSON.parse(JSON.stringify(value));
}

/** Decides as {@linkcode judge} does, by other means: regular expressions and large numbers. */
export function allows(policy: Policy, request: PolicyRequest): boolean {
  const { configurationPath: path, database, role, mirrors } = request;
  if (path && policy.configurationFiles && !policy.configurationFiles.includes(path)) return false;
  if (database && policy.databases) {
    const same = (one: string) => one.replace(/^unix:/, "") === database.replace(/^unix:/, "");
    if (database.startsWith("ssl:") || !policy.databases.some(same)) return false;
  }
  if (role === "consumer" && policy.consumers) {
    return mirrors.every((mirror) =>
      policy.consumers!.some((rule) => covers(rule, request, mirror) && options(rule, mirror))
    );
  }
  if (role === "producer" && policy.producers) {
    return mirrors.every((mirror) =>
      policy.producers!.some((rule) =>
        covers(rule, request, mirror) && options({}, mirror) && goesTo(rule, mirror)
      )
    );
  }
  return true;
}

function covers(
  { namespaces = ["*"], bridges = ["*"], mirrors = ["*"] }: ConsumerRule,
  { namespace, bridge }: PolicyRequest,
  { name }: RequestedMirror,
): boolean {
  if (namespace === "" && !namespaces.includes("")) return false;
  if (namespace && !namespaces.some((one) => matches(one, namespace))) return false;
  if (bridge && !bridges.some((one) => matches(one, bridge))) return false;
  return mirrors.some((one) => matches(one, name));
}

function matches(pattern: string, name: string): boolean {
  const parts = pattern.split("*").map((part) => part.replaceAll(/[.-]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "s").test(name);
}

function options({ all, shared, vlans }: ConsumerRule, mirror: RequestedMirror): boolean {
  if (mirror.all && !all) return false;
  if (mirror.shared && !shared) return false;
  if (vlans === true) return true;
  if (!vlans) return !mirror.vlans;
  return new Set(mirror.vlans).size > 0 && new Set(mirror.vlans).isSubsetOf(new Set(vlans));
}

function goesTo({ remotes }: ProducerRule, { remote }: RequestedMirror): boolean {
  if (!remote || !remotes) return true;
  return remotes.some((network) => {
    const [address, length] = network.split("/") as [string, string?];
    const [start, at] = [numberOf(address), numberOf(remote.address)];
    if (!start || !at || start.size !== at.size) return false;
    const rest = BigInt(start.size - Number(length ?? start.size));
    return start.value >> rest === at.value >> rest;
  });
}

/** The few addresses that are generated, as numbers. */
function numberOf(address: string): { size: number; value: bigint } | undefined {
  const plain = address.replace(/^::ffff:10.0.0.1$/, "::ffff:a00:1");
  if (plain.includes(".")) {
    const value = plain.split(".").reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
    return { size: 32, value };
  }
  if (!plain.includes(":")) return undefined;
  const [head, tail] = plain.split("::").map((half) => half.split(":").filter(Boolean));
  const groups = [...head!, ...Array<string>(8 - head!.length - tail!.length).fill("0"), ...tail!];
  return {
    size: 128,
    value: BigInt(`0x${groups.map((group) => group.padStart(4, "0")).join("")}`),
  };
}
