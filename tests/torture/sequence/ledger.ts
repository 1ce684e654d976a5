/**
 * What was added: the attachments that ADD answered with success and that neither DEL nor GC has
 * taken back. Everything else that stands in mirrors was put there by others.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import type { RoleName } from "../../support/cni/plugin.ts";
import { entryOf } from "../attachment.ts";
import type { Cells } from "./port_cells.ts";
import type { Site } from "./cast.ts";

/** Whose an attachment is. */
export interface Owner {
  role: RoleName;
  network: string;
  container: string;
  ifname: string;
}

/** The ports and mirrors of one ADD. */
export interface Added {
  owner: Owner;
  site: Site;
  bridge: string;
  /** Names of the mirrors. */
  mirrors: readonly string[];
  /** Rows of the ports, by their names. */
  ports: ReadonlyMap<string, string>;
  /** Where the ports stand, but for what others have taken out since. */
  cells: ReadonlySet<string>;
  /** Whether there is a record that tells of it. */
  isOnRecord: boolean;
}

/** What may be left of a record; PrevResult alone is what the Go implementation writes. */
export type Remainder = "nothing" | "PrevResult" | "garbage";

/** Whether two are the same attachment of the same role and network. */
export function isSameOwner(one: Owner, other: Owner): boolean {
  return one.role === other.role && one.network === other.network &&
    one.container === other.container && one.ifname === other.ifname;
}

/** The list. */
export class Ledger {
  /** All that is attached now. */
  added: Added[] = [];
  /** Records that lack parts: by their names, the ports in their PrevResult if they have one. */
  readonly partless = new Map<string, readonly string[] | undefined>();
  /** The ports in the PrevResult of each record, as the last ADD was told. */
  readonly #told = new Map<string, readonly string[]>();
  /** What others put into mirrors, and what nobody can know of any more. */
  #foreign = new Set<string>();

  /** What was attached for an attachment. */
  of(owner: Owner): Added[] {
    return this.added.filter((one) => isSameOwner(one.owner, owner));
  }

  /** Notes what an ADD attached, and the ports that prevResult named. */
  add(added: Added, told: readonly string[]): void {
    const entry = entryOf(added.owner);
    this.added.push(added);
    this.partless.delete(entry);
    this.#told.set(entry, told);
  }

  /** Strikes off what was taken back. What of it was left in mirrors is nobody's. */
  end(ended: readonly Added[], after: Cells): void {
    this.added = this.added.filter((one) => !ended.includes(one));
    for (const cell of ended.flatMap(({ cells }) => [...cells])) this.#foreign.add(cell);
    this.#keep(after);
  }

  /** Notes what others did to the mirrors. */
  follow(before: Cells, after: Cells): void {
    for (const cell of after.keys()) if (!before.has(cell)) this.#foreign.add(cell);
    this.#keep(after);
  }

  /** Notes that of a record nothing is left, or its PrevResult, or a file that tells nothing. */
  lose(entry: string, left: Remainder): void {
    this.added = this.added.map((one) =>
      entryOf(one.owner) === entry ? { ...one, isOnRecord: false } : one
    );
    this.partless.delete(entry);
    if (left === "PrevResult") this.partless.set(entry, this.#told.get(entry));
    if (left === "garbage") this.partless.set(entry, undefined);
  }

  /** The names of the records that have to be there. */
  entries(): string[] {
    const recorded = this.added.filter(({ isOnRecord }) => isOnRecord);
    const names = [...this.partless.keys(), ...recorded.map(({ owner }) => entryOf(owner))];
    return [...new Set(names)].sort();
  }

  /**
   * Makes sure that mirrors hold what was added and what others put there, and nothing else.
   *
   * @param cells What they hold.
   * @throws {AssertionError} They don't.
   */
  assertHeld(cells: Cells): void {
    const expected = new Set([...this.#foreign, ...this.added.flatMap((one) => [...one.cells])]);
    const surplus = [...cells].filter(([key]) => !expected.has(key)).map(([, { text }]) => text);
    const missing = [...expected].filter((key) => !cells.has(key));
    assertEquals({ surplus, missing }, { surplus: [], missing: [] });
  }

  #keep(after: Cells): void {
    const isThere = (cell: string) => after.has(cell);
    this.#foreign = new Set([...this.#foreign].filter(isThere));
    this.added = this.added.map((one) => (
      { ...one, cells: new Set([...one.cells].filter(isThere)) }
    ));
  }
}
