/**
 * Copies that leave the node go to one far end, and do not come back.
 *
 * @module
 */

import { quote } from "../../text/text.ts";
import { type Problem, warning } from "../finding.ts";
import { byMirror, isFed, type MirrorUse } from "../project.ts";
import type { Rule } from "./rule.ts";

/** A mirror that sends its copies away. */
type RemoteUse = MirrorUse & { remote: string };

/** Copies that leave the node go to one far end, and do not come back. */
export const remote: Rule = {
  name: "remote",
  *checkAll({ uses }) {
    const leaving = uses.filter((use): use is RemoteUse => use.remote !== undefined);
    for (const own of byMirror(leaving)) yield* twoEnds(own as RemoteUse[]);
    for (const [, own] of Map.groupBy(leaving, ({ remote }) => remote)) yield* twoBridges(own);
    for (const use of leaving) {
      yield* besideConsumer(use, uses);
      yield* loop(use, uses);
    }
  },
};

function* twoEnds([first, ...others]: readonly RemoteUse[]): Iterable<Problem> {
  const other = others.find(({ remote }) => remote !== first!.remote);
  if (!other) return;
  const message = `mirror ${quote(other.mirror)} goes to ${other.remote} here, and to ` +
    `${first!.remote} in ${first!.file}:${first!.line}`;
  yield warning(other, message, "on one node whoever comes second is refused: use two mirrors");
}

function* twoBridges(own: readonly RemoteUse[]): Iterable<Problem> {
  const [first, ...others] = own.filter(({ bridge }) => bridge);
  const other = others.find(({ bridge }) => bridge !== first!.bridge);
  if (!other) return;
  const message = `${other.remote} is the far end of bridge ${quote(other.bridge!)} here, and of ` +
    `${quote(first!.bridge!)} in ${first!.file}:${first!.line}`;
  yield warning(
    other,
    message,
    "a switch has one port for a tunnel: use another key for one of them",
  );
}

function* besideConsumer(use: RemoteUse, uses: readonly MirrorUse[]): Iterable<Problem> {
  const plain = uses.find((one) => !isFed(one) && one.mirror === use.mirror && !one.shared);
  if (!plain) return;
  const message = `mirror ${quote(use.mirror)} leaves the node here, and has a consumer in ` +
    `${plain.file}:${plain.line}`;
  yield warning(use, message, 'on one node whoever comes second is refused: set its "shared"');
}

/** A mirror of all ports of a bridge copies the node's uplink too, if that is one of them. */
function* loop(use: RemoteUse, uses: readonly MirrorUse[]): Iterable<Problem> {
  const namespaceOf = ({ network }: MirrorUse) => network.definition?.namespace;
  const all = uses.find((one) =>
    one.all && one.bridge && one.bridge === use.bridge &&
    // Those of other namespaces are often meant for other clusters.
    namespaceOf(one) === namespaceOf(use)
  );
  if (!all) return;
  const message =
    `mirror ${quote(all.mirror)} takes all ports of bridge ${quote(use.bridge!)}, and ` +
    `with them the packets of the tunnel, if they leave by one of these`;
  yield warning(use, message, "send copies away by an uplink that is on no mirrored bridge");
}
