/**
 * Checks whether copies are still sent to a far end. Loaded only if they should be.
 *
 * @module
 */

import { MAX_ANSWER, quote } from "../../input/shape.ts";
import { type Operation, select } from "../../ovsdb/operation.ts";
import { selectedRows } from "../../ovsdb/result.ts";
import { atoms, EMPTY, readStringMap, type Row, stringMap, uuids } from "../../ovsdb/value.ts";
import type { AttachRequest, Remote, WantedMirror } from "../config/config.ts";
import { holdsOptions } from "../config/options.ts";
import { REMOTE } from "../snapshot/external_ids.ts";
import { idOf } from "../snapshot/snapshot.ts";
import { failed, type Inspection } from "./check.ts";

/** The number of questions about each mirror. */
const QUESTIONS = 3;

/**
 * Plans the part of a CHECK that is about tunnels: mirror, port and interface are as ADD made them.
 *
 * @param request What ADD was asked for.
 * @returns The questions.
 */
export function planRemoteCheck(request: AttachRequest): Inspection {
  const mirrors = request.mirrors.flatMap((mirror) =>
    mirror.remote ? [{ ...mirror, remote: mirror.remote }] : []
  );
  return {
    operations: mirrors.flatMap(inspect),
    judge(results) {
      mirrors.forEach((mirror, index) => {
        const rows = results.slice(QUESTIONS * index, QUESTIONS * (index + 1)).map(selectedRows);
        const fault = judgeTunnel(mirror, rows);
        if (fault !== undefined) throw failed(request, fault);
      });
    },
  };
}

type RemoteMirror = WantedMirror & { remote: Remote };

function inspect({ name, options = {}, remote: { text, port } }: RemoteMirror): Operation[] {
  const mark = ["external_ids", "includes", stringMap({ [REMOTE]: text })] as const;
  return [
    select("Mirror", [["name", "==", name], mark, ...holdsOptions(options)], ["output_port"]),
    select("Port", [["name", "==", port], mark], ["_uuid"]),
    select("Interface", [["name", "==", port]], ["type", "options", "ofport", "error"]),
  ];
}

function judgeTunnel(
  { name, remote: { text, type, options } }: RemoteMirror,
  [mirrors = [], ports = [], interfaces = []]: Row[][],
): string | undefined {
  const [port] = ports;
  const [state] = interfaces;
  const tunnel = `the tunnel to ${text}`;
  if (!port || !state) return `${tunnel} is gone`;
  const isOutput = (row: Row) => uuids(row.output_port).includes(idOf(port));
  if (!mirrors.some(isOutput)) {
    return `mirror ${quote(name)} does not send copies to ${text} any more`;
  }
  const now = Object.fromEntries(readStringMap(state.options));
  const names = new Set([...Object.keys(now), ...Object.keys(options)]);
  const changed = [...names].filter((key) => now[key] !== options[key]);
  if (state.type !== type) changed.unshift("type");
  if (changed.length > 0) return `${tunnel} was changed (${changed.join(", ")})`;
  if (atoms(state.ofport ?? EMPTY)[0] !== -1) return undefined;
  return `the switch could not open ${tunnel}: ${
    quote(String(atoms(state.error ?? EMPTY)[0] ?? ""), MAX_ANSWER)
  }`;
}
