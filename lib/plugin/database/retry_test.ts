import { assertEquals, assertRejects } from "@std/assert";
import { producer } from "../../mirror/role.ts";
import { Refusal } from "../../mirror/refusal.ts";
import type { Details, MirrorState, Query, Snapshot } from "../../mirror/snapshot/snapshot.ts";
import { tryAgain } from "./retry.ts";

const QUERY: Query = { role: producer, bridge: "br1", mirrors: ["m1"], ports: ["p1"] };

const MIRROR = { id: "m", name: "m1", output: "o" } as MirrorState;

/** What there is to know of port `p`, mirror `m` and its output `o`. */
const ALL: Details = {
  bridgeOfMirror: new Map([["m", "br1"], ["n", "br1"]]),
  bridgeOfPort: new Map([["p", "br1"], ["t", "br1"]]),
  portNames: new Map([["o", "p2"]]),
  conflicts: [],
};

function snapshotWith(details?: Details): Snapshot {
  const [ports, tunnels] = [[{ id: "p", name: "p1" }], [{ id: "t", name: "mir-1" }]];
  // A mirror without an output has none to be named.
  const mirrors = [MIRROR, { ...MIRROR, id: "n", output: undefined }];
  return { mirrors, ports, tunnels, attachedPorts: [], emptyMirrors: [], details };
}

/** How often the database is asked before a refusal counts, if the first answers are these. */
async function questions(...details: (Details | undefined)[]): Promise<number> {
  const answers = [...details, ALL].map(snapshotWith);
  const refusal = new Refusal("output taken", "a", "b");
  let count = 0;
  await assertRejects(() =>
    tryAgain(
      () => Promise.resolve(answers[++count]!),
      QUERY,
      () => Promise.reject(refusal),
      answers[0]!,
      refusal,
    ), Refusal);
  return count;
}

Deno.test("tryAgain() takes a refusal as it is once all is known", async () => {
  assertEquals(await questions(ALL), 0);
});

const UNKNOWN: Record<string, Partial<Details>> = {
  "the bridge of a port": { bridgeOfPort: new Map([["t", "br1"]]) },
  "the bridge of a tunnel": { bridgeOfPort: new Map([["p", "br1"]]) },
  "the bridge of a mirror": { bridgeOfMirror: new Map([["n", "br1"]]) },
  "the bridge of a mirror without an output": { bridgeOfMirror: new Map([["m", "br1"]]) },
  "the name of an output": { portNames: new Map() },
};

for (const [what, less] of Object.entries(UNKNOWN)) {
  Deno.test(`tryAgain() asks again as long as it does not know ${what}`, async () => {
    assertEquals(await questions({ ...ALL, ...less }), 1);
    assertEquals(await questions(undefined, { ...ALL, ...less }), 2);
  });
}
