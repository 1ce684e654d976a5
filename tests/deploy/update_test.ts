import { assert, assertEquals } from "@std/assert";
import { Capture } from "../support/packets/capture.ts";
import { Deployment } from "../support/deploy/deployment.ts";
import { ROOT } from "../support/project/documents.ts";
import { lacksSwitch } from "../support/run/lacks_switch.ts";
import { podsOf, readManifests } from "../support/deploy/manifests.ts";
import { BRIDGE } from "../support/cni/pods.ts";
import { until } from "../support/run/process.ts";
import { createRuntime } from "../support/cni/runtime.ts";
import { Switch } from "../support/ovs/switch.ts";
import { isCopied, Talk } from "../support/packets/talk.ts";

const FROM = "10.1.0.1";
const TO = "10.1.0.2";

const manifests = readManifests(`${ROOT}examples/ids.yaml`);
const pods = podsOf(manifests, { "web-1/eth1": FROM, "web-2/eth1": TO });
const servers = pods.filter(({ name }) => name !== "ids");
const [before, after] = ["ids-old", "ids-new"].map((name) => (
  { ...pods.find((pod) => pod.name === "ids")!, name }
));

/** Requests and replies from one number to another, both included. */
function echoes(first: number, last: number): string[] {
  return Array.from({ length: last - first + 1 }, (_, index) => [
    `${FROM} > ${TO} request ${first + index}`,
    `${TO} > ${FROM} reply ${first + index}`,
  ]).flat();
}

/** Which of some echoes were not captured. */
function missing(wanted: readonly string[], ...captures: Capture[]): string[] {
  const seen = new Set(captures.flatMap(({ echoes }) => echoes));
  return wanted.filter((echo) => !seen.has(echo));
}

Deno.test("ids: an update makes the new pod before the old one goes", () => {
  const { spec } = manifests.find(({ kind, metadata }) =>
    kind === "Deployment" && metadata.name === "ids"
  )!;
  assertEquals(spec!.strategy, {
    type: "RollingUpdate",
    rollingUpdate: { maxSurge: 1, maxUnavailable: 0 },
  });
});

Deno.test({
  name: "ids: an update loses no packet",
  ignore: await lacksSwitch(),
  async fn() {
    await using vswitch = await Switch.start();
    await vswitch.addBridges(BRIDGE);
    const deployment = new Deployment(createRuntime(vswitch.db, vswitch.node), vswitch.node);
    await deployment.add([...servers, before!]);
    await using old = await Capture.start(deployment.pod("ids-old"), "mirror0");
    await using talk = await Talk.start(deployment.pod("web-1"), FROM, TO);
    await isCopied(talk, old);
    await deployment.add([after!]);
    await using next = await Capture.start(deployment.pod("ids-new"), "mirror0");
    const overlap = talk.last + 1;
    await talk.goesOn(50);
    await deployment.check();
    assertEquals(await outputs(vswitch, deployment), ["ids-new/mirror0", "ids-old/mirror0"]);
    await talk.goesOn(50);
    const parting = talk.last;
    await deployment.del("ids-old");
    assertEquals(await outputs(vswitch, deployment), ["ids-new/mirror0"]);
    await talk.goesOn(50);
    const { last } = talk;
    await until("the last reply", () => next.echoes.includes(echoes(last, last).at(-1)!));
    assertEquals(missing(echoes(1, last), old, next), [], "seen by neither");
    assertEquals(missing(echoes(overlap, parting), old), [], "not seen by the old one");
    assertEquals(missing(echoes(overlap, last), next), [], "not seen by the new one");
    for (const { echoes } of [old, next]) assertEquals(echoes.length, new Set(echoes).size);
    assertEquals(talk.faults, 0);
    assert(parting - overlap >= 99 && last - parting >= 50);
    await deployment.check();
    await deployment.del();
    assertEquals(await vswitch.db.mirrors(), []);
  },
});

/** Whose ports the rows of the mirror have as outputs; all have the same sources. */
async function outputs({ db }: Switch, deployment: Deployment): Promise<string[]> {
  const rows = await db.mirrors();
  const sources = servers.map(({ name }) => deployment.portOf(name, "eth1")).sort();
  for (const { name, src, dst } of rows) {
    assertEquals([name, src, dst], ["ids-web", sources, sources]);
  }
  return rows.map(({ output }) => deployment.ownerOf(output!)).sort();
}
