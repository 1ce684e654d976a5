/**
 * Fields of filters, from `include/openvswitch/meta-flow.h` of Open vSwitch 3.5. Left out are those
 * that no packet has when it is mirrored, such as registers and `conj_id`, and rare headers (NSH,
 * ERSPAN, GTP-U).
 *
 * @module
 */

import { HAS_TAG, type ValueKind } from "./values.ts";

/** Values of fields by their places. */
type Known = ReadonlyMap<string, number>;

/** A field. */
export interface Field {
  /** The type of its value. */
  kind: ValueKind;
  /** The key of its value: fields that overlap have the same. */
  place: string;
  /** Its prerequisite. */
  needs: Need;
}

/** Protocols by name, with the values of fields that they set. */
export const PROTOCOLS: ReadonlyMap<string, Readonly<Record<string, number>>> = new Map(
  Object.entries<Readonly<Record<string, number>>>({
    ip: { eth_type: 0x800 },
    ip4: { eth_type: 0x800 },
    ipv4: { eth_type: 0x800 },
    icmp: { eth_type: 0x800, nw_proto: 1 },
    tcp: { eth_type: 0x800, nw_proto: 6 },
    udp: { eth_type: 0x800, nw_proto: 17 },
    sctp: { eth_type: 0x800, nw_proto: 132 },
    ip6: { eth_type: 0x86dd },
    ipv6: { eth_type: 0x86dd },
    icmp6: { eth_type: 0x86dd, nw_proto: 58 },
    tcp6: { eth_type: 0x86dd, nw_proto: 6 },
    udp6: { eth_type: 0x86dd, nw_proto: 17 },
    sctp6: { eth_type: 0x86dd, nw_proto: 132 },
    arp: { eth_type: 0x806 },
    rarp: { eth_type: 0x8035 },
    mpls: { eth_type: 0x8847 },
    mplsm: { eth_type: 0x8848 },
  }),
);

const hasType = (...types: number[]) => (known: Known) => types.includes(known.get("eth_type")!);
const isIp = hasType(0x800, 0x86dd);
const isIcmp6 = (known: Known) => hasType(0x86dd)(known) && known.get("nw_proto") === 58;

/**
 * Tells whether packets have a protocol's header. Later fragments lack it, and only IP packets have
 * a protocol.
 */
const carries = (protocol: number) => (known: Known) =>
  known.get("nw_proto") === protocol && known.get("ip_frag") !== 2;

/** Tells whether packets are neighbour discovery of some types, which only ICMPv6 packets have. */
const discovers = (...types: number[]) => (known: Known) =>
  types.includes(known.get("icmpv6_type")!) && !known.get("icmpv6_code");

/** Prerequisites of fields, in words, and the functions that check them. */
const NEEDS = {
  nothing: () => true,
  "arp or rarp": hasType(0x806, 0x8035),
  ip: hasType(0x800),
  ip6: hasType(0x86dd),
  "ip or ip6": isIp,
  mpls: hasType(0x8847, 0x8848),
  "tcp or tcp6": carries(6),
  "udp or udp6": carries(17),
  "sctp or sctp6": carries(132),
  icmp: (known: Known) => hasType(0x800)(known) && known.get("nw_proto") === 1,
  icmp6: isIcmp6,
  "icmp6,icmpv6_type=135 or 136": discovers(135, 136),
  "icmp6,icmpv6_type=135": discovers(135),
  "icmp6,icmpv6_type=136": discovers(136),
  dl_vlan: (known: Known) => known.has("vlan_pcp") || ((known.get("vlan") ?? 0) & HAS_TAG) !== 0,
} satisfies Record<string, (known: Known) => boolean>;

/** A prerequisite of a field. */
export type Need = keyof typeof NEEDS;

/**
 * Tells whether a field's prerequisite is met by the fields before it.
 *
 * @param need What it needs.
 * @param known The values of the others.
 * @returns Whether it is met.
 */
export function isMet(need: Need, known: Known): boolean {
  return NEEDS[need](known);
}

/**
 * Fields by prerequisite and type of value; behind `@` the key of the value, if it is not the name.
 */
const TABLE: Record<Need, Partial<Record<ValueKind, string>>> = {
  nothing: {
    u8: "tun_ttl tun_tos tun_gbp_flags",
    u13: "vlan_vid@vlan",
    u16: "tun_gbp_id ct_zone eth_type dl_type@eth_type vlan_tci@vlan",
    u32: "skb_priority pkt_mark ct_mark",
    u64: "tun_id tunnel_id@tun_id",
    u3: "dl_vlan_pcp@vlan_pcp",
    VLAN: "dl_vlan@vlan",
    "MAC address": "eth_src eth_dst dl_src@eth_src dl_dst@eth_dst",
    "IPv4 address": "tun_src tun_dst",
    "IPv6 address": "tun_ipv6_src tun_ipv6_dst",
    "tunnel flags": "tun_flags",
    "connection states": "ct_state",
  },
  "arp or rarp": {
    u8: "arp_op",
    "IPv4 address": "arp_spa arp_tpa",
    "MAC address": "arp_sha arp_tha",
  },
  ip: { "IPv4 address": "ip_src ip_dst nw_src@ip_src nw_dst@ip_dst" },
  ip6: { "IPv6 address": "ipv6_src ipv6_dst", u20: "ipv6_label" },
  "ip or ip6": {
    u8: "nw_proto ip_proto@nw_proto nw_tos nw_ttl",
    u6: "ip_dscp@nw_tos",
    u2: "nw_ecn ip_ecn@nw_ecn",
    fragment: "ip_frag nw_frag@ip_frag",
  },
  mpls: { u20: "mpls_label", u3: "mpls_tc", u1: "mpls_bos", u8: "mpls_ttl" },
  "tcp or tcp6": {
    u16: "tcp_src tcp_dst tp_src@tcp_src tp_dst@tcp_dst",
    "TCP flags": "tcp_flags",
  },
  "udp or udp6": { u16: "udp_src udp_dst" },
  "sctp or sctp6": { u16: "sctp_src sctp_dst" },
  icmp: { u8: "icmp_type icmp_code" },
  icmp6: { u8: "icmpv6_type icmpv6_code" },
  "icmp6,icmpv6_type=135 or 136": {
    u8: "nd_options_type",
    u32: "nd_reserved",
    "IPv6 address": "nd_target",
  },
  "icmp6,icmpv6_type=135": { "MAC address": "nd_sll" },
  "icmp6,icmpv6_type=136": { "MAC address": "nd_tll" },
  dl_vlan: { u3: "vlan_pcp" },
};

const FIELDS: ReadonlyMap<string, Field> = new Map(readTable());

function* readTable(): Iterable<[string, Field]> {
  for (const [needs, kinds] of Object.entries(TABLE)) {
    for (const [kind, entries] of Object.entries(kinds)) {
      for (const entry of entries!.split(" ")) {
        const [name, place = name] = entry.split("@");
        yield [name!, { kind: kind as ValueKind, place: place!, needs: needs as Need }];
      }
    }
  }
}

/**
 * Finds a field.
 *
 * @param wanted Its name, or another that it is known by.
 * @returns The field, if there is one.
 */
export function fieldNamed(wanted: string): Field | undefined {
  return FIELDS.get(wanted);
}
