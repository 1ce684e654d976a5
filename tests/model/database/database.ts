/**
 * A small OVSDB in memory, with the tables that the plugins use. It answers as `ovsdb-server`
 * does, which a whole-program test makes sure of, and throws where a request is one that it does
 * not know.
 *
 * @module
 */

import type { Operation } from "../../../lib/ovsdb/operation.ts";
import { commit, copy } from "./commit.ts";
import { DEFAULTS, Failure, type Tables } from "./row.ts";
import { Transaction } from "./transaction.ts";

/** The one row of the table `Open_vSwitch`. */
const SWITCH = "00000000-0000-4000-8000-000000000000";

/** The rows of a new database. */
const NOTHING: Tables = {
  Open_vSwitch: new Map([[SWITCH, {
    ...DEFAULTS.Open_vSwitch,
    _uuid: new Map([[SWITCH, null]]),
  }]]),
  Bridge: new Map(),
  Port: new Map(),
  Interface: new Map(),
  Mirror: new Map(),
};

/** The database. */
export class ModelDatabase {
  #tables: Tables;
  #lastId: number;

  /** @param tables What is in it; not changed. */
  constructor(tables: Tables = NOTHING) {
    this.#tables = tables;
    this.#lastId = Object.values(tables).reduce((sum, { size }) => sum + size, 0);
  }

  /** All rows as they are now; they stay as they are when the database changes. */
  get tables(): Tables {
    return this.#tables;
  }

  /**
   * Carries out a transaction.
   *
   * @param operations What to do, in order.
   * @param newId Makes identifiers of rows.
   * @returns The `result` of the reply, as on the wire.
   * @throws {TypeError} The model does not know such a request.
   */
  transact(operations: readonly Operation[], newId = () => this.#newId()): unknown[] {
    const tables = copy(this.#tables);
    const transaction = new Transaction(tables, operations, newId);
    const results: unknown[] = [];
    try {
      for (const operation of operations) results.push(transaction.execute(operation));
      commit(tables);
      this.#tables = tables;
    } catch (failure) {
      if (!(failure instanceof Failure)) throw failure;
      results.push({ error: failure.error, details: "" });
      while (results.length < operations.length) results.push(null);
    }
    return results;
  }

  #newId(): string {
    return `00000000-0000-4000-8000-${String(++this.#lastId).padStart(12, "0")}`;
  }
}
