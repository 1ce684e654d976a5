/**
 * What a call costs, in counts that do not depend on the machine. They may fall, and then the
 * limits here fall with them; a rise is to be argued for.
 */

import { assertEquals } from "@std/assert";
import { ingress } from "../support/cni/chained.ts";
import { Host } from "../support/cni/host.ts";
import { Bundle } from "../support/cni/loaded.ts";
import { operationsOf, Recorder } from "../support/ovs/recorder.ts";

/** Counts of one call: requests, bytes to and from the server, modules loaded and their bytes. */
interface Counts {
  requests: number;
  sent: number;
  received: number;
  modules: number;
  code: number;
}

/** At most; in the order of the calls. The mirror is there before and after. */
const LIMITS: Readonly<Record<"producer" | "consumer", Record<string, Counts>>> = {
  producer: {
    ADD: { requests: 3, sent: 3900, received: 950, modules: 2, code: 48_700 },
    CHECK: { requests: 1, sent: 580, received: 395, modules: 5, code: 53_700 },
    DEL: { requests: 2, sent: 3400, received: 370, modules: 7, code: 58_200 },
  },
  consumer: {
    ADD: { requests: 3, sent: 3900, received: 950, modules: 2, code: 48_700 },
    CHECK: { requests: 1, sent: 580, received: 430, modules: 5, code: 53_700 },
    DEL: { requests: 2, sent: 3300, received: 510, modules: 7, code: 58_200 },
  },
};

/** The counts that are above their limits, or that nobody counted. */
function above(counts: Counts, limits: Counts): Partial<Counts> {
  const names = Object.keys(limits) as (keyof Counts)[];
  return Object.fromEntries(
    names.filter((name) => !(counts[name] <= limits[name])).map((name) => [name, counts[name]]),
  );
}

for (const role of ["producer", "consumer"] as const) {
  Deno.test(`${role}: requests, bytes and modules of a call`, async (t) => {
    await using bundle = await Bundle.make(role);
    await using host = await Host.withSwitch();
    using recorder = new Recorder(host.db.socket);
    await host.db.addPorts("br1", "other");
    await host.db.addMirror("br1", { name: "m1", select_dst_port: await host.db.port("other") });
    const pod = await host.addPod();
    const plugin = pod[role]({ socket_file: recorder.socket, mirrors: [ingress("m1")] })
      .with({ env: { OVS_MIRROR_WAIT: undefined } });
    for (const [command, limits] of Object.entries(LIMITS[role])) {
      await t.step(command, async () => {
        const cost = await recorder.costOf(() => plugin.run(command));
        const counts = {
          // Without those that only wake the server while it waits for the switch.
          requests: cost.requests.filter((one) => operationsOf(one).length > 0).length,
          sent: cost.bytesToServer,
          received: cost.bytes,
          ...await bundle.loadedBy({ ...plugin.request, command }),
        };
        assertEquals(above(counts, limits), {}, JSON.stringify(counts));
      });
    }
  });
}
