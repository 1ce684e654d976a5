import { assertEquals } from "@std/assert";
import { EXECUTABLES } from "../support/deploy/installer.ts";
import { lacksSmallDisk } from "../support/run/small_disk.ts";
import { damageFiles } from "../torture/installer.ts";
import { Random } from "../torture/random.ts";
import { Tally } from "../torture/tally.ts";

/** Nodes at once, and what happens to each. */
const NODES = 8;
const MOMENTS = 25;

/** A stand-in for an executable: small, so that much happens in little time. */
function standIn(name: string): Uint8Array<ArrayBuffer> {
  const script = `#!/bin/sh
if [ "$1" = --version ]; then echo "${name} 1.0.0"; exit; fi
echo '{"cniVersion":"1.1.0","supportedVersions":["1.1.0"]}'
exit
`;
  return new TextEncoder().encode(`${script}${"#".repeat(1_000_000)}OVS_MIRROR_CACHE_DIR`);
}

Deno.test({
  name: "install.sh watch brings the right files back, whatever happens at 200 random moments",
  ignore: await lacksSmallDisk(),
  async fn() {
    const image = Object.fromEntries(EXECUTABLES.map((name) => [name, standIn(name)]));
    const tally = new Tally();
    const nodes = Array.from({ length: NODES }, (_, node) => {
      const random = new Random(`node ${node}`);
      return damageFiles(tally, { random, moments: MOMENTS, image, disk: "8m" });
    });
    await Promise.all(nodes);
    assertEquals(tally.losses, []);
    assertEquals(tally.cases, NODES * MOMENTS);
  },
});
