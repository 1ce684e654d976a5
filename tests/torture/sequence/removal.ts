/**
 * What has to be so after DEL and GC: what has to have left mirrors, what may have, and nothing else
 * has changed.
 *
 * @module
 */

import { assert } from "@std/assert";
import { idOf, type Row, type Tables } from "../../model/database/row.ts";
import { type MirrorCall, portsOf } from "../../model/semantics/call.ts";
import { portsOfAttachment } from "../../model/semantics/detach.ts";
import { ROLES } from "../../model/semantics/promises.ts";
import {
  arePortsSame,
  bridgeNamed,
  has,
  isEmptyAndOurs,
  isSameRow,
  isSameTable,
  only,
} from "../../model/switch/rows.ts";
import { type Cell, type Cells, cellsIn, PORT_COLUMNS, type State } from "./port_cells.ts";
import type { Added, Ledger, Owner } from "./ledger.ts";
import { isSameOwner } from "./ledger.ts";

/** Ports to leave mirrors. */
export interface Removal {
  /** Those that have to leave. */
  must: ReadonlySet<string>;
  /** Those that may leave besides. */
  may(key: string, cell: Cell): boolean;
}

const NOTHING: Removal = { must: new Set(), may: () => false };

/** What is on record leaves; what others did to its ports, in its mirrors and role, may go too. */
export function removalOf(gone: readonly Added[], { added }: Ledger): Removal {
  const kept = added.filter((one) => one.isOnRecord && !gone.includes(one));
  const claimed = new Set(kept.flatMap(({ cells }) => [...cells]));
  const isOf = ({ mirror, column, port }: Cell) => ({ owner, mirrors, ports }: Added) =>
    ROLES[owner.role].columns.includes(column) && ports.values().some((id) => id === port) &&
    mirrors.includes(`${only(mirror, "name")}`);
  return {
    must: new Set(gone.flatMap(({ cells }) => [...cells])),
    may: (key, cell) => !claimed.has(key) && gone.some(isOf(cell)),
  };
}

/**
 * Where nothing is on record, the ports leave that prevResult or else their marks tell of, unless
 * they are on record of others.
 *
 * @param owner Whose attachment it is.
 * @param call What the call tells of it; with an empty bridge, any is meant, with no mirrors all.
 * @param tables The database that it leads to, if it leads to one.
 * @param ledger What was added.
 * @returns What leaves.
 */
export function removalByTraces(
  owner: Owner,
  call: MirrorCall,
  tables: Tables | undefined,
  { added }: Ledger,
): Removal {
  if (!tables) return NOTHING;
  const others = added.filter((one) =>
    one.isOnRecord && one.owner.role === owner.role && !isSameOwner(one.owner, owner)
  );
  const recorded = new Set(others.flatMap(({ ports }) => [...ports.values()]));
  const bridge = bridgeNamed(tables, call.bridge);
  const names = call.mirrors.map(({ name }) => name);
  const isMeant = ({ mirror, column }: Cell) =>
    ROLES[owner.role].columns.includes(column) &&
    (call.bridge === "" || (bridge !== undefined && has(bridge, "mirrors", idOf(mirror)))) &&
    (names.length === 0 || names.includes(`${only(mirror, "name")}`));
  const meant = [...cellsIn([tables])].filter(([, cell]) =>
    isMeant(cell) && !recorded.has(cell.port)
  );
  const cellsWith = (ports: ReadonlySet<string>) =>
    new Set(meant.filter(([, { port }]) => ports.has(port)).map(([key]) => key));
  const possible = cellsWith(new Set(portsOfAttachment(tables, call)));
  return { must: cellsWith(portsOf(tables, call)), may: (key) => possible.has(key) };
}

/**
 * Makes sure that ports left mirrors as they had to, and that nothing else was changed, but for
 * mirrors of ours that are empty now.
 *
 * @throws {AssertionError} It is not so.
 */
export function assertRemoved(before: State, after: State, removal: Removal): void {
  before.forEach((tables, site) => assertOthersUntouched(tables, after[site]!));
  const [was, is] = [cellsIn(before), cellsIn(after)];
  for (const [key, cell] of was) {
    const isGone = !is.has(key);
    if (removal.must.has(key)) assert(isGone, `${cell.text} is left`);
    else assert(!isGone || removal.may(key, cell), `${cell.text} is gone`);
  }
  assertNoneNew(was, is);
}

function assertNoneNew(was: Cells, is: Cells): void {
  for (const [key, { text }] of is) assert(was.has(key), `${text} is new`);
}

/** Rows and columns other than those that hold ports; a mirror that is gone had no use else. */
function assertOthersUntouched(before: Tables, after: Tables): void {
  assert(isSameTable(before.Bridge, after.Bridge, ["mirrors"]), "bridges have changed");
  assert(arePortsSame(before, after), "ports have changed");
  for (const id of after.Mirror.keys()) assert(before.Mirror.has(id), "a mirror was made");
  for (const [id, old] of before.Mirror) {
    const row = after.Mirror.get(id);
    const name = only(old, "name");
    if (row) assert(isSameRow(old, row, PORT_COLUMNS), `mirror ${name} has changed`);
    else assert(isEmptyAndOurs(withoutPorts(old)), `mirror ${name} was removed`);
  }
}

function withoutPorts(mirror: Row): Row {
  return { ...mirror, ...Object.fromEntries(PORT_COLUMNS.map((column) => [column, new Map()])) };
}

/**
 * Makes sure that no empty mirror of ours is on a bridge.
 *
 * @throws {AssertionError} There is one.
 */
export function assertNoEmpty(tables: Tables, bridge: string): void {
  const ids = bridgeNamed(tables, bridge)?.mirrors?.keys() ?? [].values();
  for (const mirror of ids.map((id) => tables.Mirror.get(`${id}`)!)) {
    assert(!isEmptyAndOurs(mirror), `mirror ${only(mirror, "name")} on ${bridge} is left empty`);
  }
}
