import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { EXECUTABLES, Node } from "../support/deploy/installer.ts";
import { until } from "../support/run/process.ts";

const INSTALLED = { "ovs-mirror-consumer": "new", "ovs-mirror-producer": "new" };

/** A plugin as ovs-cni brings it: it answers, and carries the name of its Go package. */
const OTHERS = `#!/bin/sh
echo '{"cniVersion":"1.0.0","supportedVersions":["0.4.0","1.0.0"]}'
# path\tgithub.com/k8snetworkplumbingwg/ovs-cni/cmd/mirror-producer
`;

/** An older release of this project, as far as the installer looks at it. */
const OLDER = `${OTHERS}# OVS_MIRROR_CACHE_DIR`;

Deno.test("install.sh keeps another project's plugins and gives them back", async () => {
  using node = new Node();
  for (const name of EXECUTABLES) node.plant(name, OTHERS);
  const { code, stdout } = await node.install("install");
  assertEquals(code, 0);
  for (const name of EXECUTABLES) {
    assertStringIncludes(
      stdout,
      `${name} on this node was somebody else's ` +
        "(github.com/k8snetworkplumbingwg/ovs-cni/cmd/mirror-producer), " +
        `kept as .${name}.other\n`,
    );
  }
  const others = {
    ".ovs-mirror-consumer.other": OTHERS.slice(0, 100),
    ".ovs-mirror-producer.other": OTHERS.slice(0, 100),
  };
  assertEquals(node.state(), { ...others, ...INSTALLED });

  const uninstall = await node.install("uninstall");
  assertStringIncludes(uninstall.stdout, "gave back ovs-mirror-producer of before (github.com/");
  for (const name of EXECUTABLES) {
    assertEquals(Deno.readTextFileSync(join(node.target, name)), OTHERS);
  }
  assertEquals(Object.keys(node.state()), [...EXECUTABLES]);
});

Deno.test("install.sh keeps one file of others, the last that worked", async () => {
  using node = new Node();
  for (const content of [OTHERS, `${OTHERS}# newer`, OLDER, "half a fi", ""]) {
    node.plant("ovs-mirror-producer", content);
    assertEquals((await node.install("install")).code, 0);
    assert(node.isInstalled());
  }
  const kept = join(node.target, ".ovs-mirror-producer.other");
  assertEquals(Deno.readTextFileSync(kept), `${OTHERS}# newer`);
  assertEquals(Object.keys(node.state()), [".ovs-mirror-producer.other", ...EXECUTABLES]);
});

Deno.test("install.sh keeps no older version of its own", async () => {
  using node = new Node();
  for (const name of EXECUTABLES) node.plant(name, OLDER);
  const { code, stdout } = await node.install("install");
  assertEquals(code, 0);
  assertStringIncludes(
    stdout,
    "ovs-mirror-consumer on this node was another version of this project\n",
  );
  assertEquals(node.state(), INSTALLED);
});

Deno.test("install.sh gives back no file that does not work any more", async () => {
  using node = new Node();
  await node.install("install");
  node.plant(".ovs-mirror-producer.other", OTHERS.slice(0, 20));
  const { code, stdout } = await node.install("uninstall");
  assertEquals([code, stdout], [0, "removed ovs-mirror-producer\nremoved ovs-mirror-consumer\n"]);
  assertEquals(node.state(), {});
});

Deno.test("install.sh leaves alone what others put there since, and forgets what it kept", async () => {
  using node = new Node();
  node.plant("ovs-mirror-producer", OTHERS);
  await node.install("install");
  node.plant("ovs-mirror-producer", `${OTHERS}# newer`);
  assertStringIncludes((await node.install("uninstall")).stdout, "left alone: ");
  const path = join(node.target, "ovs-mirror-producer");
  assertEquals(Deno.readTextFileSync(path), `${OTHERS}# newer`);
  assertEquals(Object.keys(node.state()), ["ovs-mirror-producer"]);
});

Deno.test("install.sh gives back a symbolic link", async () => {
  using node = new Node();
  Deno.symlinkSync("/nowhere", join(node.target, "ovs-mirror-producer"));
  await node.install("install");
  await node.install("uninstall");
  assertEquals(node.state(), { "ovs-mirror-producer": "-> /nowhere" });
});

Deno.test("install.sh keeps whole what is still being written", async () => {
  using node = new Node();
  await node.install("install");
  const path = join(node.target, "ovs-mirror-producer");
  {
    // As `cp` does it: the same file, emptied, then filled.
    using file = Deno.openSync(path, { write: true, truncate: true });
    const bytes = new TextEncoder().encode(OTHERS);
    file.writeSync(bytes.subarray(0, 30));
    assertEquals((await node.install("install")).code, 0);
    assert(node.isInstalled());
    file.writeSync(bytes.subarray(30));
  }
  await node.install("uninstall");
  assertEquals(Deno.readTextFileSync(path), OTHERS);
});

Deno.test("install.sh watch takes its place back, and says from whom", async () => {
  using node = new Node();
  const watch = node.start("watch");
  await until("the first installation", () => node.isInstalled());
  const takeovers = () => watch.log.match(/^ovs-mirror-consumer on this node was .*ovs-cni.*$/gm);
  for (const [index, turn] of ["first", "second"].entries()) {
    node.plant("ovs-mirror-consumer", `${OTHERS}# ${turn}`);
    await until("the repair", () => node.isInstalled());
    await until("the message", () => takeovers()?.length === index + 1);
  }
  watch.kill("SIGTERM");
  assertEquals(await watch.ended(), 0);
  await node.install("uninstall");
  const path = join(node.target, "ovs-mirror-consumer");
  assertEquals(Deno.readTextFileSync(path), `${OTHERS}# second`);
});

Deno.test("install.sh watch rests after it replaced another version of its own", async () => {
  using node = new Node();
  const watch = node.start("watch");
  await until("the first installation", () => node.isInstalled());
  node.plant("ovs-mirror-consumer", OLDER);
  await until("the repair", () => node.isInstalled());
  await until("the message", () => watch.log.includes("was another version of this project"));
  node.plant("ovs-mirror-consumer", OLDER);
  // Without a rest it would look ten times in this second.
  await new Promise((resolve) => setTimeout(resolve, 1000));
  assert(!node.isInstalled());
  watch.kill("SIGTERM");
  assertEquals(await watch.ended(), 0);
});

Deno.test("install.sh warns of a directory where no ovs is", async () => {
  using node = new Node();
  const first = await node.install("install");
  assertStringIncludes(first.stdout, "warning: no ovs is beside them");
  for (const place of ["k3s", "OpenShift", "MicroK8s", "RKE2", "Flatcar"]) {
    assertStringIncludes(first.stdout, `${place}`);
  }
  node.plant("ovs", OTHERS);
  node.plant("ovs-mirror-producer", "old");
  assert(!(await node.install("install")).stdout.includes("warning"));
});
