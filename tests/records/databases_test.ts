/**
 * One database or record that fails holds nothing else up, and its error comes last.
 */

import { assertEquals } from "@std/assert";
import { type ChainedPlugin, ingress } from "../support/cni/chained.ts";
import { assertGone } from "../support/cni/gone.ts";
import { Host, type Pod } from "../support/cni/host.ts";
import { assertFailure } from "../support/cni/outcome.ts";
import { Ovsdb } from "../support/ovs/ovsdb.ts";

const GC = { cniVersion: "1.1.0", "cni.dev/valid-attachments": [] };

/** What is wrong with a database, and how it is mended. */
const FAULTS: Record<string, (db: Ovsdb) => Promise<() => Promise<void>>> = {
  async "that hangs"(db) {
    const pid = await db.pid();
    Deno.kill(pid, "SIGSTOP");
    return () => Promise.resolve(Deno.kill(pid, "SIGCONT"));
  },
  async "that is down"(db) {
    await db.stop();
    return () => db.run();
  },
};

/** A second database with a bridge and the ports of pods. */
async function second(...pods: Pod[]): Promise<Ovsdb> {
  const db = await Ovsdb.start();
  await db.addBridges("br1");
  await db.addPorts("br1", ...pods.map(({ port }) => port));
  return db;
}

/** Few seconds for a call, as a hung database takes its share of them. */
function hurried(plugin: ChainedPlugin): ChainedPlugin {
  return plugin.with({ env: { OVS_MIRROR_TIMEOUT: "6" } });
}

function names(host: Host): string[] {
  return host.entries().map(({ name }) => name);
}

for (const [fault, strike] of Object.entries(FAULTS)) {
  for (const isConfigured of [false, true]) {
    const which = isConfigured ? "the configured one" : "another one";
    Deno.test(`GC with a database ${fault}, ${which}: what is in the others goes`, async () => {
      await using host = await Host.start();
      const pods = [await host.addPod(), await host.addPod(), await host.addPod()];
      await using db = await second(...pods);
      const [away, here] = isConfigured ? [host.db, db] : [db, host.db];
      for (const [index, pod] of pods.entries()) {
        const { socket } = index === 1 ? here : away;
        await pod.producer({ ...GC, socket_file: socket }).add();
      }
      const mend = await strike(away);
      const outcome = await hurried(host.plugin("producer", GC)).call("GC");
      assertFailure(outcome, 11, `GC failed at the database unix:${away.socket}: `);
      assertEquals([await here.mirrors(), names(host)], [[], [
        "pod-1-eth1_prod",
        "pod-3-eth1_prod",
      ]]);
      await mend();
      await host.plugin("producer", GC).silently("GC");
      assertEquals([await away.mirrors(), names(host)], [[], []]);
    });
  }

  Deno.test(`DEL with parts in two databases, the first ${fault}: the second part goes`, async () => {
    await using host = await Host.start();
    const pod = await host.addPod();
    await using db = await second(pod);
    const mirrors = [ingress("m1")];
    const [first, other] = [db.socket, host.db.socket].map((socket_file) =>
      pod.producer({ socket_file, mirrors })
    ) as [ChainedPlugin, ChainedPlugin];
    await first.add();
    await other.add();
    const mend = await strike(db);
    const outcome = await hurried(other).call("DEL");
    assertFailure(outcome, 11, `DEL failed at the database unix:${db.socket}: `);
    await host.assertMirrors();
    const { parts } = JSON.parse(host.entries()[0]!.content!);
    assertEquals(parts.map(({ database }: { database: string }) => database), [
      `unix:${db.socket}`,
    ]);
    await mend();
    await other.del();
    await assertGone(host);
    assertEquals(await db.mirrors(), []);
  });
}

Deno.test("GC goes on beside records that can't be read, and reports them at the end", async (t) => {
  const damages: Record<string, (path: string) => Promise<void>> = {
    "a link": (path) => Deno.symlink("/nonexistent", path),
    "a directory": (path) => Deno.mkdir(path),
  };
  for (const [name, damage] of Object.entries(damages)) {
    await t.step(name, async () => {
      await using host = await Host.start();
      const pods = [await host.addPod(), await host.addPod()];
      for (const pod of pods) await pod.producer(GC).add();
      const path = `${host.cache}/pod-1-eth1_prod`;
      await Deno.remove(path);
      await damage(path);
      const outcome = await host.plugin("producer", GC).call("GC");
      assertFailure(outcome, 5, `${path} is not a regular file`);
      assertEquals(names(host), ["pod-1-eth1_prod"]);
      const [mirror] = await host.db.mirrors();
      assertEquals(mirror?.src, [pods[0]!.port]);
    });
  }
});
