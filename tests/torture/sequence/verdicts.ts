/**
 * Judges what calls of plugins did by what the documents promise, and notes what was added.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import type { Reason } from "../../../lib/mirror/refusal.ts";
import { ATTACH_SEMANTICS } from "../../model/semantics/attach.ts";
import { type MirrorCall, portsOf } from "../../model/semantics/call.ts";
import { isAttached } from "../../model/semantics/check.ts";
import { CODES } from "../../model/semantics/promises.ts";
import { refusals } from "../../model/semantics/refusals.ts";
import { assertHolds } from "../../model/semantics/step.ts";
import { bridgeNamed, isSame, only } from "../../model/switch/rows.ts";
import type { PluginOutcome } from "../../support/cni/plugin.ts";
import { entryOf, type Told } from "../attachment.ts";
import type { Plugin, Site } from "./cast.ts";
import { cellsIn, type State } from "./port_cells.ts";
import { callOf, type Configuration, TRY_AGAIN } from "./configuration.ts";
import { assertNoEmpty, assertRemoved, removalByTraces, removalOf } from "./removal.ts";
import type { Added, Ledger } from "./ledger.ts";
import type { Result } from "./stage.ts";

/** The code with which STATUS says that an ADD could not work. */
const NOT_AVAILABLE = 50;

/** A plugin's input. */
export interface Request {
  plugin: Plugin;
  configuration: Configuration;
  told: Told;
}

/** Judges a call, and notes in the ledger what was added or taken back. */
export type Verdict = (request: Request, result: Result, ledger: Ledger) => void;

/** 0 for success, otherwise the code of the error. */
export function codeOf({ code, json }: PluginOutcome): number {
  return code === 0 ? 0 : Number(json?.code);
}

/** ADD attaches to all mirrors, or is refused for a reason and changes nothing. */
export const judgeAdd: Verdict = ({ plugin, configuration, told }, result, ledger) => {
  const { before, after } = result;
  if (configuration.refusedWith !== undefined) {
    return assertRefused([configuration.refusedWith], result);
  }
  const site = configuration.site!;
  const call = callOf(plugin, configuration, told);
  const reasons = refusals(before[site]!, call);
  if (reasons.size > 0) return assertRefused(Array.from(reasons, codeFor), result);
  assertSuccess(result);
  assertHolds(ATTACH_SEMANTICS, { call, before: before[site]!, after: after[site]! });
  const other = site === 0 ? 1 : 0;
  assert(isSame(before[other]!, after[other]!), "the other database has changed");
  ledger.add(added(plugin, call, site, after), call.ports);
};

function added(owner: Plugin, call: MirrorCall, site: Site, after: State): Added {
  const tables = after[site]!;
  const ports = new Map(
    Array.from(portsOf(tables, call), (id) => [`${only(tables.Port.get(id)!, "name")}`, id]),
  );
  const columns = new Map(call.mirrors.map(({ name, columns }) => [name, columns]));
  const cells = [...cellsIn([tables])].filter(([, { mirror, column, port }]) =>
    columns.get(`${only(mirror, "name")}`)?.includes(column) && [...ports.values()].includes(port)
  );
  return {
    owner,
    site,
    bridge: call.bridge,
    mirrors: [...columns.keys()],
    ports,
    cells: new Set(cells.map(([key]) => key)),
    isOnRecord: true,
  };
}

/**
 * DEL takes back what is on record, whatever the configuration says. Where nothing is, it does what
 * results, marks and configuration allow, and fails only if a record without parts tells that there
 * is something and the database can't be reached.
 */
export const judgeDel: Verdict = ({ plugin, configuration, told }, result, ledger) => {
  const { before, after } = result;
  const entry = entryOf(plugin);
  const own = ledger.of(plugin);
  const recorded = own.filter(({ isOnRecord }) => isOnRecord);
  if (ledger.partless.has(entry) && configuration.isUnreachable) {
    return assertRefused([TRY_AGAIN], result);
  }
  assertSuccess(result);
  const { site, bridge } = configuration;
  if (recorded.length > 0) {
    assertRemoved(before, after, removalOf(recorded, ledger));
    assertTidy(after, recorded);
  } else {
    const call = callOf(plugin, configuration, told, ledger.partless.get(entry));
    const tables = site === undefined ? undefined : before[site];
    assertRemoved(before, after, removalByTraces(plugin, call, tables, ledger));
    if (site !== undefined && bridge !== undefined) assertTidy(after, [{ site, bridge }]);
  }
  ledger.partless.delete(entry);
  ledger.end(own, cellsIn(after));
};

/** CHECK succeeds exactly if the ports are attached as the configuration says. */
export const judgeCheck: Verdict = ({ plugin, configuration, told }, result, ledger) => {
  const { before, after, outcome } = result;
  assertUnchanged(before, after);
  const { site, bridge, refusedWith } = configuration;
  // CHECK goes by what can be read of a configuration that ADD refuses.
  if (refusedWith !== undefined || site === undefined) return;
  const call = callOf(plugin, configuration, told);
  const recorded = ledger.of(plugin).filter((one) =>
    one.isOnRecord && one.site === site && one.bridge === bridge
  ).flatMap(({ ports }) => [...ports]);
  const ports = recorded.length > 0
    ? [...new Map(recorded).values()]
    : [...portsOf(before[site]!, call)];
  // Of several ports that are not on record, the Go implementation attached the first.
  if (recorded.length === 0 && ports.length > 1) return;
  if (isAttached(before[site]!, call, ports)) return assertSuccess(result);
  const reasons: Reason[] = ["no port", "no bridge", "not attached"];
  assert(reasons.map(codeFor).includes(codeOf(outcome)), `code ${codeOf(outcome)}`);
};

/** GC takes back what is on record of a network and role and not valid, and nothing else. */
export function judgeGc(valid: readonly Plugin[]): Verdict {
  return ({ plugin, configuration }, result, ledger) => {
    const { before, after, outcome } = result;
    assertEquals(codeOf(outcome), configuration.refusedWith ?? 0, outcome.stdout);
    const gone = ledger.added.filter(({ owner, isOnRecord }) =>
      isOnRecord && owner.role === plugin.role && owner.network === plugin.network &&
      !valid.some(({ container, ifname }) =>
        container === owner.container && ifname === owner.ifname
      )
    );
    assertRemoved(before, after, removalOf(gone, ledger));
    const { site, bridge, refusedWith } = configuration;
    const isValid = refusedWith === undefined && site !== undefined && bridge !== undefined;
    assertTidy(after, [...gone, ...isValid ? [{ site, bridge }] : []]);
    ledger.end(gone, cellsIn(after));
  };
}

/** STATUS succeeds exactly if the bridge is there. */
export const judgeStatus: Verdict = ({ plugin, configuration }, result) => {
  const { before, after, outcome } = result;
  assertUnchanged(before, after);
  const { site = plugin.site, bridge = "", refusedWith, isUnreachable } = configuration;
  const isThere = bridgeNamed(before[site]!, bridge) !== undefined;
  const expected = isUnreachable ? NOT_AVAILABLE : refusedWith ?? (isThere ? 0 : NOT_AVAILABLE);
  assertEquals(codeOf(outcome), expected, outcome.stdout);
};

function codeFor(reason: Reason): number {
  return CODES[reason]!;
}

function assertSuccess({ outcome }: Result): void {
  assertEquals(codeOf(outcome), 0, outcome.stdout);
}

function assertRefused(codes: readonly number[], { outcome, before, after }: Result): void {
  const code = codeOf(outcome);
  assert(
    codes.includes(code),
    `expected code ${codes.join(" or ")}, got ${outcome.stdout || code}`,
  );
  assertUnchanged(before, after);
}

function assertUnchanged(before: State, after: State): void {
  before.forEach((tables, site) =>
    assert(isSame(tables, after[site]!), `database ${site} has changed`)
  );
}

function assertTidy(after: State, places: readonly Pick<Added, "site" | "bridge">[]): void {
  for (const { site, bridge } of places) assertNoEmpty(after[site]!, bridge);
}
