import { assertEquals } from "@std/assert";
import { Ovsdb } from "./support/ovsdb.ts";
import { callPlugin, prevResult } from "./support/plugin.ts";

Deno.test("a producer is added, checked and deleted", async () => {
  await using db = await Ovsdb.start();
  await db.addBridges("br1");
  await db.addPorts("br1", "veth1");
  const request = {
    directory: db.directory,
    config: {
      bridge: "br1",
      socket_file: db.socket,
      mirrors: [{ name: "m1", ingress: true, egress: true }],
      prevResult: prevResult("veth1"),
    },
  };
  const added = await callPlugin("producer", request);
  assertEquals([added.code, added.stderr, added.json], [0, "", prevResult("veth1")]);
  assertEquals(await db.mirrors(), [{
    name: "m1",
    bridge: "br1",
    owner: "ovs-cni.network.kubevirt.io",
    src: ["veth1"],
    dst: ["veth1"],
    output: undefined,
  }]);
  for (const command of ["CHECK", "DEL"]) {
    const { code, stdout, stderr } = await callPlugin("producer", { ...request, command });
    assertEquals([code, stdout, stderr], [0, "", ""]);
  }
  assertEquals(await db.mirrors(), []);
  assertEquals(Array.from(Deno.readDirSync(`${db.directory}/cache`)), []);
});
