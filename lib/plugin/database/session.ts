/**
 * A session with the switch's database: read, plan, transact, and again if another client was
 * faster.
 *
 * @module
 */

import { canBeAwaited, type Numbers } from "../../mirror/switch/in_force.ts";
import { ask, type Query, type Question, type Snapshot } from "../../mirror/snapshot/snapshot.ts";
import type { Client } from "../../ovsdb/client.ts";
import type { Operation } from "../../ovsdb/operation.ts";
import type { OperationResult } from "../../ovsdb/result.ts";
import { keepAwake } from "./wait_for_switch.ts";

/** The database that Open vSwitch keeps its configuration in. */
const DATABASE = "Open_vSwitch";

/** The part of a connection that a session needs. */
export type Connection = Pick<Client, "transact" | "close">;

/** A connection to the database of Open vSwitch. */
export class Session implements Disposable {
  /** True if ports attached by hand were found, whose time may be over. */
  hasByHand = false;
  readonly #connection: Connection;
  readonly #comment: Operation;

  /**
   * @param connection A connection, with a deadline that bounds all retries.
   * @param comment Who does it and why, for the database's log.
   */
  constructor(connection: Connection, comment: string) {
    this.#connection = connection;
    this.#comment = { op: "comment", comment };
  }

  /** Closes the connection at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.#connection.close();
  }

  /**
   * Reads and acts on the snapshot until it succeeds: if a guard fails, or the first snapshot leads
   * to a refusal, it reads again.
   *
   * @param query What to read.
   * @param act What to do with it; it may be called more than once.
   * @throws {Refusal} The database does not allow it.
   */
  async withSnapshot(query: Query, act: (snapshot: Snapshot) => Promise<void>): Promise<void> {
    const snapshot = await this.read(query);
    try {
      await act(snapshot);
    } catch (error) {
      const { tryAgain } = await import("./retry.ts");
      await tryAgain((question) => this.ask(question), query, act, snapshot, error);
    }
  }

  /**
   * Reads the snapshot for a request.
   *
   * @param query What to read.
   * @returns The database as it is now.
   */
  async read(query: Query): Promise<Snapshot> {
    return await this.ask(ask(query));
  }

  /**
   * Asks the database.
   *
   * @param question What to read, and how.
   * @returns What it says now.
   */
  async ask<Answer>(question: Question<Answer>): Promise<Answer> {
    return question.read(await this.transact(question.operations));
  }

  /**
   * Changes the database, with a comment for its log.
   *
   * @param operations Guards and changes.
   * @returns One answer per operation.
   */
  async change(operations: readonly Operation[]): Promise<OperationResult[]> {
    return (await this.transact([this.#comment, ...operations])).slice(1);
  }

  /**
   * Makes sure that the end of a change can be recognised by its number.
   *
   * @param numbers The numbers as the change left them.
   * @returns The number to wait for.
   */
  async numberOf(numbers: Numbers): Promise<number> {
    while (!canBeAwaited(numbers)) {
      const { renumber } = await import("../../mirror/switch/renumber.ts");
      numbers = await this.ask(renumber(numbers));
    }
    return numbers.number;
  }

  /**
   * Runs operations in one transaction.
   *
   * @param operations What to do, in order.
   * @returns One answer per operation.
   * @throws {OvsdbError} The transaction failed.
   */
  async transact(operations: readonly Operation[]): Promise<OperationResult[]> {
    const answer = this.#connection.transact(DATABASE, operations);
    if (!operations.some(waits)) return await answer;
    return await keepAwake(answer, () => this.#connection.transact(DATABASE, []));
  }
}

/** Tells whether an operation is a guard, which does not block the transaction. */
function waits(operation: Operation): boolean {
  return operation.op === "wait" && operation.timeout !== 0;
}
