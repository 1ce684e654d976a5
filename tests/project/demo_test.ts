import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { Demo, ROOT, UNPRIVILEGED } from "../support/project/demo.ts";
import { lacksSwitch } from "../support/run/lacks_switch.ts";
import { until } from "../support/run/process.ts";

const ignore = await lacksSwitch();

/** Root of a user namespace, where nobody can make namespaces. */
const NO_NAMESPACES = [
  ...ROOT,
  "sh",
  "-c",
  'cd /proc/sys/user; echo 0 >max_user_namespaces; echo 0 >max_net_namespaces; cd -; exec "$@"',
  "sh",
];

/** What mirrors have carried, of 3 pings each and the ARP that comes before; | is a column's end. */
const CARRIED = [
  /mirror-1\|prod-cons\/eth1\|prod-cons\/eth2\|\d+ packets\|6 ICMP, \d ARP/,
  /mirror-2\|prod-cons\/eth1\|none\|nothing/,
  /mirror-1\|producer-1\/eth1, producer-2\/eth1\|consumer-1\/eth2\|\d+ packets\|12 ICMP, \d ARP/,
  /mirror-2\|producer-1\/eth1\|consumer-2\/eth2\|\d+ packets\|6 ICMP, \d ARP/,
  /mirror-1\|producer-1\/eth1\|consumer\/eth2\|\d+ packets\|6 ICMP, \d ARP/,
  /mirror-2\|producer-2\/eth1\|consumer\/eth3\|\d+ packets\|6 ICMP, \d ARP/,
];

for (const [who, through] of [["this user", []], ["an unprivileged user", UNPRIVILEGED]] as const) {
  Deno.test({ name: `the demo shows what mirrors carry, as ${who}`, ignore }, async () => {
    await using demo = await Demo.start({ through });
    const { code, output, left } = await demo.ended();
    assertEquals([code, left], [0, []], output);
    for (const line of CARRIED) assertMatch(cells(output), line);
    const copies = output.match(
      /detached: no copy +attached: first copy \d+ ms (before|after) ADD/g,
    );
    assertEquals([copies?.length, output.match(/pause; 0 lost/g)?.length], [3, 3], output);
    assertEquals(output.match(/no mirror, port or cache entry is left/g)?.length, 3, output);
  });
}

Deno.test({ name: "the demo without namespaces runs the chains alone", ignore }, async () => {
  await using demo = await Demo.start({ through: NO_NAMESPACES });
  const { code, output, left } = await demo.ended();
  assertEquals([code, left], [0, []], output);
  assertStringIncludes(cells(output), "left out|pods, packets and captures");
  assertStringIncludes(
    cells(output),
    "mirror-1|producer-1/eth1, producer-2/eth1|consumer-1/eth2\n",
  );
  assert(!output.includes("carried"), output);
});

const MOMENTS = [
  ["SIGINT", 130, "Pods' traffic"],
  ["SIGTERM", 143, "Test case 1"],
  ["SIGINT", 130, "traffic  "],
  ["SIGTERM", 143, "Test case 3"],
] as const;

for (const [signal, status, moment] of MOMENTS) {
  const name = `the demo leaves nothing behind when ${signal} comes at "${moment.trim()}"`;
  Deno.test({ name, ignore }, async () => {
    await using demo = await Demo.start();
    await demo.hasWritten(moment);
    demo.interrupt(signal);
    const { code, output, left } = await demo.ended();
    assertEquals([code, left], [status, []], output);
    assertStringIncludes(output, `Ended by ${signal}`);
  });
}

Deno.test({ name: "no process of the demo outlives it when it is killed", ignore }, async () => {
  await using demo = await Demo.start();
  await demo.hasWritten("Test case 2");
  assert((await demo.processes()).length > 0);
  demo.interrupt("SIGKILL");
  await until("all processes to end", async () => (await demo.processes()).length === 0);
});

/** The text with columns that are told apart by a sign. */
function cells(output: string): string {
  return output.replaceAll(/ {2,}/g, "|");
}
