import { assertEquals } from "@std/assert";
import type { Counts } from "./receiver.ts";
import { summary } from "./summary.ts";

const NOTHING: Counts = { kept: 0, slow: 0, otherKey: 0, foreign: 0, cut: 0 };
const HINT = "the kernel keeps more where the sysctl net.core.rmem_default is larger";

const CASES: [counts: Partial<Counts>, drops: number | undefined, lines: string[]][] = [
  [{}, undefined, ["0 packets written; lost: 0 as the output was slow"]],
  [{ kept: 2 }, 0, ["2 packets written; lost: 0 in the kernel, 0 as the output was slow"]],
  [{ kept: 5, slow: 2 }, 1, [
    "2 packets written; lost: 1 in the kernel, 5 as the output was slow",
    HINT,
  ]],
  [{ kept: 2, otherKey: 3, cut: 1 }, undefined, [
    "2 packets written; lost: 0 as the output was slow",
    "ignored datagrams: 3 of another key, 1 too short",
  ]],
  [{ kept: 2, foreign: 4 }, 7, [
    "2 packets written; lost: 7 in the kernel, 0 as the output was slow",
    "ignored datagrams: 4 no VXLAN with an Ethernet frame",
    HINT,
  ]],
];

for (const [counts, drops, lines] of CASES) {
  Deno.test(`summary() of ${JSON.stringify(counts)}, ${drops} dropped`, () => {
    const written = Math.min(counts.kept ?? 0, 2);
    const text = summary({ ...NOTHING, ...counts }, drops, written, "VXLAN");
    assertEquals(text, lines.map((line) => `${line}\n`).join(""));
  });
}
