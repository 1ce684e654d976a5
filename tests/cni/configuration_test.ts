import { assertStringIncludes } from "@std/assert";
import { both, type Config, egress, ingress } from "../support/cni/chained.ts";
import { Host, ours, type Pod } from "../support/cni/host.ts";
import { listenTcp } from "../support/ovs/tcp.ts";

/** Makes sure that ADD refuses configurations. */
async function refuses(
  t: Deno.TestContext,
  pod: Pod,
  code: number,
  cases: [config: Config, ...words: string[]][],
): Promise<void> {
  for (const [config, ...words] of cases) {
    await t.step(JSON.stringify(config).slice(0, 80), async () => {
      await pod.producer(config).fails("ADD", code, ...words);
    });
  }
}

Deno.test("members of the wrong type are named", async (t) => {
  await using host = await Host.start();
  const wrong: [Config, ...string[]][] = [
    [{ bridge: 1 }, '"bridge" must be of type string'],
    [{ bridge: ["br1"] }, '"bridge" must be of type string'],
    [{ socket_file: {} }, '"socket_file" must be of type string'],
    [{ configuration_path: true }, '"configuration_path" must be of type string'],
    [{ mirrors: undefined }, '"mirrors" must be of type array'],
    [{ mirrors: null }, '"mirrors" must be of type array'],
    [{ mirrors: {} }, '"mirrors" must be of type array'],
    [{ mirrors: [] }, '"mirrors" must not be empty'],
    [{ mirrors: ["m1"] }, '"mirrors[0]" must be of type object'],
    [{ mirrors: [both("m1"), {}] }, '"mirrors[1].name" must be of type string'],
    [{ mirrors: [both("")] }, '"mirrors[0].name" must not be empty'],
    [{ mirrors: [{ name: "m1", ingress: "yes" }] }, '"mirrors[0].ingress" must be of type boolean'],
    [{ mirrors: [{ name: "m1", egress: 1 }] }, '"mirrors[0].egress" must be of type boolean'],
  ];
  await refuses(t, await host.addPod(), 7, wrong);
});

Deno.test("CHECK finds nothing wrong where ADD attaches nothing, as the Go implementation", async () => {
  await using host = await Host.start();
  const pod = await host.addPod();
  await pod.producer().add();
  for (const mirrors of [undefined, null, [], [{ name: "m1" }], [{ name: "m1", egress: null }]]) {
    await pod.producer({ mirrors }).check();
  }
  await pod.producer({ mirrors: undefined, Mirrors: [both("m1")], configuration_path: null })
    .check();
  await pod.producer({ mirrors: undefined, Mirrors: [both("m2")] }).fails("CHECK", 106, '"m2"');
});

Deno.test("prevResult of the wrong form is named", async (t) => {
  await using host = await Host.start();
  const wrong: [Config, ...string[]][] = [
    [{ prevResult: [] }, "prevResult"],
    [{ prevResult: "x" }, "prevResult"],
    [{ prevResult: { interfaces: {} } }, '"interfaces" must be of type array'],
    [{ prevResult: { interfaces: [null] } }, '"interfaces[0]" must be of type object'],
    [{ prevResult: { interfaces: [{}] } }, '"interfaces[0].name" must be of type string'],
    [{ prevResult: { interfaces: [{ name: "x", sandbox: 1 }] } }, '"interfaces[0].sandbox"'],
    [{ prevResult: { cniVersion: 1 } }, '"cniVersion" must be of type string'],
  ];
  await refuses(t, await host.addPod(), 7, wrong);
});

Deno.test("ADD and CHECK need prevResult", async (t) => {
  await using host = await Host.start();
  const pod = await host.addPod();
  for (const prevResult of [undefined, null]) {
    for (const command of ["ADD", "CHECK"]) {
      await t.step(`${command} with ${prevResult}`, async () => {
        await pod.producer({ prevResult }).fails(command, 7, command, "prevResult", "chain");
      });
    }
  }
});

Deno.test("the network needs a name of the specification's grammar", async (t) => {
  await using host = await Host.start();
  const names = [undefined, null, "", 1, "-x", ".x", "a/b", "a b", "é", "a\n"];
  const cases: [Config, ...string[]][] = names.map((name) => [{ name }, "name"]);
  await refuses(t, await host.addPod(), 7, cases);
});

Deno.test("a bridge has to be named", async (t) => {
  await using host = await Host.start();
  const pod = await host.addPod();
  await refuses(t, pod, 7, [
    [{ bridge: undefined }, "names no bridge"],
    [{ bridge: null }, "names no bridge"],
    [{ bridge: "" }, "names no bridge"],
    [{ bridge: "br\u0000" }, '"bridge" holds characters'],
    [{ bridge: "br\n1" }, '"bridge" holds characters'],
    [{ bridge: "\ud800" }, '"bridge" holds characters'],
  ]);
});

Deno.test("a bridge has to be there", async () => {
  await using host = await Host.start();
  const pod = await host.addPod();
  for (const role of ["producer", "consumer"] as const) {
    await pod[role]({ bridge: "br9" }).fails("ADD", 101, '"br9"');
    await pod[role]({ bridge: "br9" }).fails("CHECK", 101, '"br9"');
  }
});

Deno.test("a producer needs a direction, and a misspelt one is named", async (t) => {
  await using host = await Host.start();
  await refuses(t, await host.addPod(), 7, [
    [{ mirrors: [{ name: "m1" }] }, 'mirrors[0], "m1"', '"ingress" or "egress"'],
    [{ mirrors: [{ name: "m1", ingress: false, egress: false }] }, 'mirrors[0], "m1"'],
    [{ mirrors: [both("m1"), { name: "m2", ingres: true }] }, '"mirrors[1].ingres"', '"ingress"'],
    [{ mirrors: [{ name: "m1", Ingress: true, Egress: true }] }, '"mirrors[0].Ingress"'],
    [{ mirrors: [{ name: "m1", both: true }] }, 'mirrors[0], "m1"', '"both"'],
    [{ mirrors: [{ name: "m1", ingress: true, egres: true }] }, '"mirrors[0].egres"', '"egress"'],
    [{ Bridge: "br1" }, '"Bridge"', '"bridge"'],
    [{ socketfile: "/x" }, '"socketfile"', '"socket_file"'],
    [{ mirrors: undefined, mirror: [both("m1")] }, '"mirror"', '"mirrors"'],
  ]);
});

Deno.test("unknown members are ignored", async () => {
  await using host = await Host.start();
  const pod = await host.addPod();
  const mirrors = [{ name: "m1", ingress: true, weight: 1, comment: { any: "thing" } }];
  const capabilities = { portMappings: true };
  await pod.producer({ mirrors, capabilities, args: { cni: {} }, vlan: 100, ipam: {} }).add();
  await host.assertMirrors(ours("m1", { src: [pod.port] }));
});

Deno.test("directions are ignored in a consumer's configuration", async () => {
  await using host = await Host.start();
  const pod = await host.addPod();
  await pod.consumer({ mirrors: [{ name: "m1", ingress: false, egress: true }] }).add();
  await host.assertMirrors(ours("m1", { output: pod.port }));
});

Deno.test("each direction goes into its column", async () => {
  await using host = await Host.start();
  const pod = await host.addPod();
  const { port } = pod;
  await pod.producer({ mirrors: [ingress("in"), egress("out"), both("all")] }).add();
  const all = ours("all", { src: [port], dst: [port] });
  await host.assertMirrors(all, ours("in", { src: [port] }), ours("out", { dst: [port] }));
});

Deno.test("a mirror named twice has the directions of both", async () => {
  await using host = await Host.start();
  const pod = await host.addPod();
  const producer = pod.producer({ mirrors: [ingress("m1"), both("m2"), egress("m1")] });
  await producer.add();
  const attached = { src: [pod.port], dst: [pod.port] };
  await host.assertMirrors(ours("m1", attached), ours("m2", attached));
  await producer.check();
  await producer.del();
  await host.assertMirrors();
});

Deno.test("a configuration names at most as many mirrors as a bridge carries", async () => {
  await using host = await Host.start();
  const pod = await host.addPod();
  const mirrors = (count: number) => Array.from({ length: count }, (_, i) => both(`m${i}`));
  await pod.producer({ mirrors: mirrors(33) }).fails("ADD", 7, "33 mirrors", "32");
  await pod.producer({ mirrors: mirrors(30_000) }).fails("ADD", 7, "30000 mirrors");
  await pod.producer({ mirrors: [...mirrors(32), both("m0")] }).add();
});

Deno.test("names of mirrors and bridges may be any printable text", async (t) => {
  const names = ["m 1", "-", "..", "a/b", "é", "🙂", '"', "\\", "$(id)", "%s%n", "x".repeat(1024)];
  await using host = await Host.start(...names);
  for (const name of names) {
    await t.step(JSON.stringify(name.slice(0, 20)), async () => {
      const pod = await host.addPod({ bridge: name });
      const producer = pod.producer({ mirrors: [both(name)] });
      await producer.add();
      const attached = { bridge: name, src: [pod.port], dst: [pod.port] };
      await host.assertMirrors(ours(name, attached));
      await producer.check();
      await producer.del();
      await host.assertMirrors();
    });
  }
});

Deno.test("a name with control characters or half a character is refused", async (t) => {
  await using host = await Host.start();
  const names = ["\u0000", "a\nb", "\u001b[31m", "\u007f", "\u0085", "\ud800", "a\udc00b"];
  const cases: [Config, ...string[]][] = names.map((name) => [
    { mirrors: [both("m1"), both(name)] },
    '"mirrors[1].name" holds characters',
  ]);
  await refuses(t, await host.addPod(), 7, cases);
});

Deno.test("a name too long to be asked about again is refused", async (t) => {
  await using host = await Host.start();
  const pod = await host.addPod();
  for (const length of [1025, 1_500_000]) {
    await t.step(`${length} characters`, async () => {
      const mirrors = [both("x".repeat(length))];
      await pod.producer({ mirrors }).fails("ADD", 7, '"mirrors[0].name" is longer than');
    });
  }
});

Deno.test("the database's address may be a bare path", async () => {
  await using host = await Host.start();
  const pod = await host.addPod();
  await pod.producer({ socket_file: host.db.socket }).add();
  await pod.producer({ socket_file: `unix:${host.db.socket}` }).check();
});

Deno.test("the database's address may be one of TCP", async (t) => {
  await using host = await Host.start();
  const pod = await host.addPod();
  const port = await listenTcp(host.db);
  for (const name of ["127.0.0.1", "localhost"]) {
    await t.step(name, async () => {
      const producer = pod.producer({ socket_file: `tcp:${name}:${port}` });
      await producer.add();
      await producer.check();
      await producer.del();
      await host.assertMirrors();
    });
  }
});

Deno.test("addresses that are none, and TLS, are refused", async (t) => {
  await using host = await Host.start();
  const hint = "tcp:HOST:PORT";
  const addresses = ["ssl:127.0.0.1:6640", "db.sock", "unix:", "unix:db.sock", "tcp:", "tcp:host"];
  addresses.push(
    "tcp:host:0",
    "tcp:host:65536",
    "tcp:::1:6640",
    "http://x",
    "punix:/x",
    "unix:/a\0",
  );
  const cases = addresses.map((socket_file): [Config, ...string[]] => [
    { socket_file },
    '"socket_file"',
    hint,
  ]);
  const pod = await host.addPod();
  await refuses(t, pod, 7, cases);
  const { details } = await pod.producer({ socket_file: "ssl:127.0.0.1:6640" }).fails("ADD", 7);
  assertStringIncludes(details, "ssl is not supported");
});
