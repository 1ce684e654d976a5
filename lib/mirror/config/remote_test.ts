import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import type { RemoteMembers } from "./config.ts";
import { isRemote, parseRemote, parseRemoteText, refuseMisspelt } from "./remote.ts";

const ERSPAN = { type: "erspan", address: "192.0.2.10" } as const;
const VXLAN = { type: "vxlan", address: "2001:DB8:0::10" } as const;

Deno.test("parseRemote() writes one text and one port for one tunnel", () => {
  const texts: [members: RemoteMembers, text: string][] = [
    [{ ...ERSPAN, key: 7 }, "erspan:192.0.2.10,key=7"],
    [{ ...ERSPAN, key: 0, version: 1, index: null, ttl: 64, dscp: 0 }, "erspan:192.0.2.10"],
    [{ ...ERSPAN, index: 0xfffff }, "erspan:192.0.2.10,index=1048575"],
    [{ ...VXLAN, key: 5, port: 4789 }, "vxlan:2001:db8::10,key=5"],
    [
      { ...VXLAN, source: "2001:db8::1", port: 4790 },
      "vxlan:2001:db8::10,port=4790,source=2001:db8::1",
    ],
    [{ type: "gre", address: "192.0.2.10", key: 0 }, "gre:192.0.2.10,key=0"],
    [{ type: "gre", address: "192.0.2.10" }, "gre:192.0.2.10"],
    [
      { ...ERSPAN, version: 2, direction: "egress", hardware: 9 },
      "erspan:192.0.2.10,version=2,hardware=9,direction=egress",
    ],
  ];
  for (const [members, text] of texts) {
    const remote = parseRemote(members, "remote");
    assertEquals(remote.text, text);
    assertMatch(remote.port, /^mir-[0-9a-z]{11}$/);
    assertEquals(parseRemoteText(text), { ...remote, key: parseRemoteText(text).key });
  }
  const ports = new Set(texts.map(([members]) => parseRemote(members, "remote").port));
  assertEquals(ports.size, texts.length);
});

Deno.test("parseRemote() writes the options as the switch reads them", () => {
  const members = { ...ERSPAN, key: 7, index: 255, ttl: 9, dscp: 10, source: "192.0.2.1" };
  assertEquals(parseRemote(members, "remote").options, {
    remote_ip: "192.0.2.10",
    local_ip: "192.0.2.1",
    erspan_ver: "1",
    key: "7",
    erspan_idx: "0xff",
    ttl: "9",
    tos: "40",
    df_default: "false",
  });
  const { options } = parseRemote({ ...VXLAN, key: 5, port: 4790 }, "remote");
  assertEquals([options.key, options.dst_port, options.csum], ["5", "4790", "true"]);
  const second = { ...ERSPAN, version: 2, hardware: 63, direction: "egress" } as const;
  assertEquals(parseRemote(second, "remote").options, {
    remote_ip: "192.0.2.10",
    erspan_ver: "2",
    erspan_hwid: "0x3f",
    erspan_dir: "1",
    df_default: "false",
  });
});

Deno.test("parseRemote() names no direction but egress, and has checksums for UDP over IPv6 alone", () => {
  const optionsOf = (members: RemoteMembers) => parseRemote(members, "remote").options;
  const ingress = { ...ERSPAN, version: 2, direction: "ingress" } as const;
  assertEquals("erspan_dir" in optionsOf(ingress), false);
  const checked = [ERSPAN.address, VXLAN.address].map((address) =>
    (["gre", "erspan", "vxlan", "geneve"] as const).filter((type) =>
      "csum" in optionsOf({ type, address })
    )
  );
  assertEquals(checked, [[], ["vxlan", "geneve"]]);
  assertEquals("erspan_ver" in optionsOf(VXLAN), false);
});

Deno.test("parseRemote() gives a far end the port that it has on every switch", () => {
  const names = ["erspan:192.0.2.10,key=7", "vxlan:2001:db8::10"].map((text) =>
    parseRemoteText(text).port
  );
  assertEquals(names, ["mir-5tmj5psfn0y", "mir-3piorplglt8"]);
});

Deno.test("parseRemote() takes the greatest key of each type, and says what is usual of none", () => {
  const cases: [RemoteMembers["type"], number][] = [
    ["erspan", 1023],
    ["gre", 0xffffffff],
    ["vxlan", 0xffffff],
    ["geneve", 0xffffff],
  ];
  for (const [type, key] of cases) {
    const { text, ...remote } = parseRemote({ ...ERSPAN, type, key }, "remote");
    assertEquals([remote.key, text], [key, `${type}:192.0.2.10,key=${key}`]);
  }
  for (const [type, port] of [["vxlan", 4789], ["geneve", 6081]] as const) {
    const texts = [port, port + 1].map((port) =>
      parseRemote({ ...ERSPAN, type, port }, "remote").text
    );
    assertEquals(texts, [`${type}:192.0.2.10`, `${type}:192.0.2.10,port=${port + 1}`]);
  }
});

Deno.test("isRemote() takes each member within its bounds, and null for nothing", () => {
  const bounds = {
    ...{ key: [0, 0xffffffff], port: [1, 65_535], version: [1, 2], index: [0, 0xfffff] },
    ...{ hardware: [0, 63], ttl: [1, 255], dscp: [0, 63] },
  };
  for (const [name, [least, most]] of Object.entries(bounds) as [string, [number, number]][]) {
    const found = [least - 1, least, most, most + 1, least + 0.5, String(least), null, undefined]
      .map((value) => isRemote({ ...ERSPAN, [name]: value }));
    assertEquals(found, [false, true, true, false, false, false, true, true], name);
  }
  const others: [name: string, taken: unknown[], refused: unknown[]][] = [
    ["type", ["erspan", "gre", "vxlan", "geneve"], ["ip6gre", "", 1, null, undefined]],
    ["address", ["", "x"], [1, null, undefined]],
    ["source", ["", "x", null, undefined], [1, {}]],
    ["direction", ["ingress", "egress", null, undefined], ["both", "", 1]],
  ];
  for (const [name, taken, refused] of others) {
    const found = (values: unknown[]) =>
      values.filter((value) => isRemote({ ...ERSPAN, [name]: value }));
    assertEquals([found(taken), found(refused)], [taken, []], name);
  }
  for (const value of [null, undefined, "gre", [], 1]) assertEquals(isRemote(value), false);
});

Deno.test("parseRemote() says what is wrong", () => {
  const faults: [members: RemoteMembers, message: string][] = [
    [{ ...ERSPAN, address: "ids.example" }, "which is no IPv4 or IPv6 address"],
    [{ ...ERSPAN, address: "192.0.02.10" }, "which is no IPv4 or IPv6 address"],
    [{ ...ERSPAN, address: "fe80::1%eth0" }, "which is no IPv4 or IPv6 address"],
    [{ ...ERSPAN, address: "224.0.0.1" }, "is a multicast address"],
    [{ ...ERSPAN, address: "FF02::1" }, "is a multicast address"],
    [{ ...ERSPAN, address: "255.255.255.255" }, "is no address of a host"],
    [{ ...ERSPAN, address: "::" }, "is no address of a host"],
    [{ ...ERSPAN, address: "127.1.2.3" }, "is the node's own"],
    [{ ...ERSPAN, address: "::1" }, "is the node's own"],
    [{ ...ERSPAN, address: "fe80::1" }, "link-local"],
    [{ ...ERSPAN, address: "::ffff:192.0.2.10" }, "IPv4 address in the form of IPv6"],
    [{ ...ERSPAN, key: 1024 }, '"remote.key" is 1024, and erspan carries 10 bits'],
    [{ ...VXLAN, key: 0x1000000 }, "vxlan carries 24 bits"],
    [{ ...ERSPAN, port: 4789 }, '"remote.port" is a member of a tunnel of vxlan or geneve only'],
    [{ ...VXLAN, version: 1 }, '"remote.version" is a member of an ERSPAN tunnel only'],
    [{ ...VXLAN, index: 1 }, '"remote.index" is a member of an ERSPAN tunnel of version 1 only'],
    [{ ...VXLAN, hardware: 1 }, '"remote.hardware" is a member of an ERSPAN tunnel of version 2'],
    [{ ...VXLAN, direction: "ingress" }, '"remote.direction" is a member of an ERSPAN tunnel of v'],
    [{ ...ERSPAN, type: "gre", port: 1 }, '"remote.port" is a member of a tunnel of vxlan or gen'],
    [{ ...ERSPAN, version: 2, index: 1 }, '"remote.index" is a member of an ERSPAN tunnel of ver'],
    [{ ...ERSPAN, hardware: 1 }, '"remote.hardware" is a member of an ERSPAN tunnel of version 2'],
    [{ ...ERSPAN, direction: "egress" }, '"remote.direction" is a member of an ERSPAN tunnel of'],
    [{ ...ERSPAN, source: "ids" }, '"remote.source" is "ids", which is no IPv4 or IPv6 address'],
    [{ ...ERSPAN, source: "::5" }, "of the other version of IP"],
    [{ ...VXLAN, source: "192.0.2.1" }, "of the other version of IP"],
    [{ ...VXLAN, source: "ids" }, '"remote.source" is "ids", which is no IPv4 or IPv6 address'],
    [{ ...ERSPAN, source: "224.0.0.1" }, '"remote.source" is "224.0.0.1", which is a multicast'],
  ];
  for (const [members, message] of faults) {
    assertThrows(() => parseRemote(members, "remote"), Error, message);
  }
});

Deno.test("refuseMisspelt() names the member that is meant", () => {
  const members = { ...ERSPAN, adress: 1 };
  assertThrows(() => refuseMisspelt(members, "r"), Error, 'an unknown member "r.adress"');
});

Deno.test("parseRemoteText() takes members in any order, and refuses what is none", () => {
  const text = "vxlan:192.0.2.10,port=4790,key=5";
  assertEquals(parseRemoteText(text).text, "vxlan:192.0.2.10,key=5,port=4790");
  const malformed = [
    ...["", "erspan", "erspan:", "ip6gre:192.0.2.10", "erspan:192.0.2.10,key", "gre:1.2.3.4,"],
    ...["erspan:192.0.2.10,adress=1", "gre:192.0.2.10,key=07000000000", "gre:192.0.2.10 ,key=-1"],
    ...["erspan:192.0.2.10,key=a", "erspan:192.0.2.10,key=1,key=2", "erspan:192.0.2.10,type=gre"],
  ];
  for (const text of malformed) {
    assertThrows(() => parseRemoteText(text), Error, "is no far end of a tunnel");
  }
});
