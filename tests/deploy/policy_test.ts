import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import type { DaemonSet } from "kubernetes-types/apps/v1";
import { isPolicy } from "../../lib/policy/policy.ts";
import { policySchema } from "../../lib/schema/json_schema.ts";
import { EXECUTABLES, Node } from "../support/deploy/installer.ts";
import { CHART, helm, kustomize, lacksRenderers, runHelm } from "../support/deploy/renderers.ts";
import { typeCheck } from "../support/deploy/type_check.ts";
import { read } from "../support/project/documents.ts";
import { Files } from "../support/run/files.ts";
import { until } from "../support/run/process.ts";

const EXAMPLE = read("deploy/components/policy/policy.json");
const CLOSED = '{"consumers":[],"producers":[]}';

/** A node whose installer gets a policy. */
class PolicyNode implements AsyncDisposable {
  readonly node = new Node();
  private constructor(readonly files: Files) {}

  static async make(policy: string): Promise<PolicyNode> {
    const made = new PolicyNode(await Files.make({ "policy.json": policy }));
    await Deno.mkdir(made.files.path("etc"), { mode: 0o755 });
    return made;
  }

  get env(): Record<string, string> {
    const { files } = this;
    return { POLICY_SOURCE: files.path("policy.json"), POLICY_DIR: files.path("etc") };
  }

  install(mode = "install") {
    return this.node.install(mode, this.env);
  }

  /** Puts another policy in place of the image's. */
  async bring(policy: string): Promise<void> {
    await Deno.writeTextFile(this.files.path("new"), policy);
    await Deno.rename(this.files.path("new"), this.files.path("policy.json"));
  }

  /** What the node has. */
  get policy(): string | undefined {
    try {
      return Deno.readTextFileSync(this.files.path("etc/policy.json"));
    } catch {
      return undefined;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const left = [...Deno.readDirSync(this.files.directory)].some(({ name }) => name === "etc")
      ? Array.from(Deno.readDirSync(this.files.path("etc")), ({ name }) => name)
      : [];
    assertEquals(left.filter((name) => name !== "policy.json"), [], "something was left");
    this.node[Symbol.dispose]();
    await this.files[Symbol.asyncDispose]();
  }
}

Deno.test("install.sh brings a policy, whole and root's alone to write, and a newer one", async () => {
  await using node = await PolicyNode.make(EXAMPLE);
  assertStringIncludes((await node.install()).stdout, "installed the policy");
  assertEquals(node.policy, EXAMPLE);
  assertEquals(Deno.statSync(node.files.path("etc/policy.json")).mode! & 0o777, 0o644);
  assertEquals((await node.install()).stdout, "");
  assertEquals((await node.install("check")).code, 0);
  await node.bring(CLOSED);
  assertEquals((await node.install("check")).code, 1);
  await node.install();
  assertEquals(node.policy, CLOSED);
});

Deno.test("install.sh does not replace a policy by what is none", async (t) => {
  const none: Record<string, string> = {
    "empty": "",
    "cut": EXAMPLE.slice(0, 100),
    "misspelt": '{"consumer":[]}',
    "too long": `{}${" ".repeat(1024 * 1024)}`,
  };
  for (const [name, policy] of Object.entries(none)) {
    await t.step(name, async () => {
      await using node = await PolicyNode.make(CLOSED);
      await node.install();
      await node.bring(policy);
      // Executables are put right all the same: others might not know what a policy is.
      node.node.plant("ovs-mirror-producer", "other");
      const { code, stderr } = await node.install();
      assertEquals(code, 1);
      assertStringIncludes(stderr, "the policy is none that the plugins take");
      assertEquals(node.policy, CLOSED);
      assert(node.node.isInstalled());
      assertEquals((await node.install("check")).code, 1);
    });
  }
});

Deno.test("install.sh installs nothing on a node that does not get the policy it should", async (t) => {
  const wrong: Record<string, [(node: PolicyNode) => Promise<void>, string]> = {
    "no policy": [(node) => node.bring("{"), "the policy is none"],
    "none mounted": [(node) => Deno.remove(node.files.path("policy.json")), "no policy to install"],
    "no directory": [(node) => Deno.remove(node.files.path("etc")), "no policy to install"],
    "a directory for everybody": [
      (node) => Deno.chmod(node.files.path("etc"), 0o777),
      "no policy counts in",
    ],
  };
  for (const [name, [spoil, words]] of Object.entries(wrong)) {
    await t.step(name, async () => {
      await using node = await PolicyNode.make(EXAMPLE);
      await spoil(node);
      const { code, stderr } = await node.install();
      assertEquals(code, 1);
      assertStringIncludes(stderr, words);
      assertEquals(node.node.state(), {});
    });
  }
});

Deno.test("install.sh watches over the policy", async () => {
  await using node = await PolicyNode.make(EXAMPLE);
  const installer = node.node.start("watch", [], node.env);
  await until("the policy", () => node.policy === EXAMPLE && node.node.isInstalled());
  await Deno.writeTextFile(node.files.path("etc/policy.json"), "{}");
  await until("the policy of before", () => node.policy === EXAMPLE);
  await node.bring(CLOSED);
  await until("the new policy", () => node.policy === CLOSED);
  await Deno.remove(node.files.path("etc/policy.json"));
  await until("the policy again", () => node.policy === CLOSED);
  installer.kill("SIGTERM");
  await installer.ended();
});

Deno.test("install.sh takes the policy away last, and only its own", async () => {
  await using node = await PolicyNode.make(EXAMPLE);
  await node.install();
  const { stdout } = await node.install("uninstall");
  assertEquals(stdout.trim().split("\n").at(-1), "removed the policy");
  assertEquals([node.policy, node.node.state()], [undefined, {}]);
  await node.install();
  await Deno.writeTextFile(node.files.path("etc/policy.json"), CLOSED);
  assertStringIncludes((await node.install("uninstall")).stdout, "not the policy of this release");
  assertEquals([node.policy, node.node.state()], [CLOSED, {}]);
});

Deno.test("install.sh has nothing to do with policies where none is brought", async () => {
  using node = new Node();
  const nowhere = { POLICY_SOURCE: "/nonexistent", POLICY_DIR: "/nonexistent" };
  assertEquals((await node.install("install", nowhere)).code, 0);
  assertEquals(Object.keys(node.state()), [...EXECUTABLES]);
  assertEquals((await node.install("uninstall", nowhere)).stdout.includes("policy"), false);
});

Deno.test("the component's example is a policy, and the one that the documents explain", () => {
  const example = JSON.parse(EXAMPLE);
  assert(isPolicy(example));
  const [, shown] = /## The administrator's policy\n[^`]*?(?:`[^`]+`[^`]*?)*```json\n([^`]+)```/
    .exec(read("docs/SECURITY.md"))!;
  assertEquals(JSON.parse(shown!), example);
});

Deno.test("the chart's values have the policy's own schema", () => {
  const { $schema: _, $id: _id, title: _title, ...schema } = policySchema();
  const { properties } = JSON.parse(read("deploy/helm/values.schema.json"));
  assertEquals(properties.policy, JSON.parse(JSON.stringify(schema)));
});

for (const platform of ["", "openshift"]) {
  Deno.test({
    name: `kustomization and chart bring the same policy: ${platform || "plain"}`,
    ignore: lacksRenderers(),
    async fn() {
      for (const extras of [[], ["uninstall"]]) {
        const objects = await kustomize([...platform ? [platform] : [], "policy", ...extras]);
        const values = [`platform=${platform}`, ...extras.map((name) => `${name}=true`)];
        const charted = await helm(values, ["--set-json", `policy=${EXAMPLE}`]);
        assertEquals(charted.map(withParsed), objects.map(withParsed));
        const daemonSet = objects.find(({ kind }) => kind === "DaemonSet") as DaemonSet;
        assertEquals(await typeCheck("apps/v1", "DaemonSet", daemonSet), "");
        const mounts = daemonSet.spec!.template.spec!.initContainers![0]!.volumeMounts!;
        const script = read(join("deploy", "install.sh"));
        for (const { mountPath } of mounts) assertStringIncludes(script, `-${mountPath}`);
      }
    },
  });
}

Deno.test({
  name: "a policy that is none is no value of the chart",
  ignore: lacksRenderers(),
  async fn() {
    for (const value of ["policy.consumer[0].namespaces[0]=a", "policy=x", "policy.byHand=1"]) {
      assert((await runHelm(["template", "x", CHART], [value])).code !== 0, value);
    }
  },
});

/** A ConfigMap holds a text, which each way of making it lays out as it likes. */
function withParsed(object: { kind: string; data?: Record<string, string> }): unknown {
  if (object.kind !== "ConfigMap") return object;
  const data = Object.entries(object.data!).map(([name, text]) => [name, JSON.parse(text)]);
  return { ...object, data: Object.fromEntries(data) };
}
