/**
 * Removes the ports of tunnels whose mirrors were deleted or changed by another program: without a
 * mirror they send away what the bridge floods. Loaded only by GC, and by a DEL of copies that were
 * sent to a far end.
 *
 * @module
 */

import { removeTunnelPort } from "../../mirror/plan/idle_tunnels.ts";
import { REMOTE } from "../../mirror/snapshot/external_ids.ts";
import { idOf, outputIs, OWNER } from "../../mirror/snapshot/snapshot.ts";
import { select } from "../../ovsdb/operation.ts";
import { selectedRows } from "../../ovsdb/result.ts";
import { readStringMap, type Row, stringMap, uuids } from "../../ovsdb/value.ts";
import type { LeftoversQuestion } from "./transaction.ts";

/**
 * Asks about the tunnels to some far ends. If mirrors use them all, it is one question.
 *
 * @param remotes The far ends, as the marks name them.
 * @returns The question.
 */
export function askTunnelsTo(remotes: readonly string[]): LeftoversQuestion {
  return {
    operations: remotes.flatMap((text) => {
      const isMarked = ["external_ids", "includes", stringMap({ [REMOTE]: text })] as const;
      return [select("Port", [isMarked], ["_uuid"]), select("Mirror", [isMarked], ["output_port"])];
    }),
    async read(session, results) {
      const [ports, mirrors] = [0, 1].map((rest) =>
        results.filter((_, index) => index % 2 === rest).flatMap(selectedRows)
      ) as [Row[], Row[]];
      const used = new Set(mirrors.flatMap(({ output_port }) => uuids(output_port)));
      const rest = ports.map(idOf).filter((id) => !used.has(id));
      if (rest.length === 0) return [];
      // A mirror without the mark may use one, too.
      const users = await session.transact(
        rest.map((port) => select("Mirror", [outputIs(port)], ["_uuid"])),
      );
      return rest.filter((_, index) => selectedRows(users[index]).length === 0)
        .flatMap((port) => removeTunnelPort(port, []));
    },
  };
}

/**
 * Asks about all tunnels of the plugins.
 *
 * @returns The question.
 */
export function askAllTunnels(): LeftoversQuestion {
  // The `ovs` plugin marks its ports with the same owner, but not their interfaces.
  const isOurs = ["external_ids", "includes", stringMap({ owner: OWNER })] as const;
  return {
    operations: [select("Interface", [isOurs], ["external_ids"])],
    async read(session, [result]) {
      const remotes = selectedRows(result).flatMap(({ external_ids }) =>
        readStringMap(external_ids).get(REMOTE) ?? []
      );
      if (remotes.length === 0) return [];
      const question = askTunnelsTo([...new Set(remotes)]);
      return await question.read(session, await session.transact(question.operations));
    },
  };
}
