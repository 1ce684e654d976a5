/**
 * The result of a capture, in words.
 *
 * @module
 */

import type { Counts } from "./receiver.ts";

/**
 * Says what was written, lost and ignored.
 *
 * @param counts What came.
 * @param drops What the kernel dropped, if that is known.
 * @param written How many packets were written.
 * @param protocol The name of the protocol.
 * @returns Lines.
 */
export function summary(
  { kept, slow, otherKey, foreign, cut }: Counts,
  drops: number | undefined,
  written: number,
  protocol: string,
): string {
  const lost = [
    ...drops === undefined ? [] : [`${drops} in the kernel`],
    `${slow + kept - written} as the output was slow`,
  ];
  const ignored = [
    [otherKey, "of another key"],
    [foreign, `no ${protocol} with an Ethernet frame`],
    [cut, "too short"],
  ].filter(([count]) => count !== 0).map((words) => words.join(" "));
  const lines = [
    `${written} packets written; lost: ${lost.join(", ")}`,
    ...ignored.length > 0 ? [`ignored datagrams: ${ignored.join(", ")}`] : [],
    ...drops ? ["the kernel keeps more where the sysctl net.core.rmem_default is larger"] : [],
  ];
  return lines.map((line) => `${line}\n`).join("");
}
