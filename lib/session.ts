/**
 * One conversation with the switch's database: read, plan, transact, and again if someone else
 * was faster.
 *
 * @module
 */

import { type AttachRequest, planAttach } from "./mirror/attach.ts";
import { planCheck } from "./mirror/check.ts";
import { emptied, planDetach } from "./mirror/detach.ts";
import { Refusal } from "./mirror/refusal.ts";
import { ask, type Query, SELECT_EMPTY_MIRRORS, type Snapshot } from "./mirror/snapshot.ts";
import { sweep } from "./mirror/sweep.ts";
import type { Client } from "./ovsdb/client.ts";
import { OperationError } from "./ovsdb/error.ts";
import type { Operation, OperationResult } from "./ovsdb/operation.ts";

/** The database that Open vSwitch keeps its configuration in. */
const DATABASE = "Open_vSwitch";

/** Upper bounds of the pause before a further attempt, in milliseconds; the last one repeats. */
const PAUSES = [4, 8, 16, 32, 64];

/** Runs the mirror logic against a database. */
export class Session implements Disposable {
  readonly #client: Client;
  readonly #comment: Operation;

  /**
   * @param client A connection, with a deadline that bounds all retries.
   * @param comment Who does it and why, for the database's log.
   */
  constructor(client: Client, comment: string) {
    this.#client = client;
    this.#comment = { op: "comment", comment };
  }

  /** Closes the connection at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.#client.close();
  }

  /**
   * Attaches ports to mirrors.
   *
   * @param request What to attach to what.
   * @param query What to read for it.
   * @param beforeChange Called once, when the plan stands and before anything is changed.
   * @throws {Refusal} The database does not allow it; nothing was changed.
   */
  async attach(request: AttachRequest, query: Query, beforeChange: () => void): Promise<void> {
    let announced = false;
    await this.#judge(query, async (snapshot) => {
      const plan = planAttach(request, snapshot);
      if (!announced) beforeChange();
      announced = true;
      await this.#change(plan);
    });
  }

  /**
   * Makes sure that ports are attached to mirrors.
   *
   * @param request What was attached to what.
   * @param query What to read for it.
   * @throws {Refusal} They are not.
   */
  async check(request: AttachRequest, query: Query): Promise<void> {
    await this.#judge(query, async (snapshot) => {
      const inspection = planCheck(request, snapshot);
      inspection.judge(await this.#transact(inspection.operations));
    });
  }

  /**
   * Detaches ports from mirrors and removes the mirrors that are empty then. Success if there is
   * nothing to detach.
   *
   * @param query Which ports and mirrors.
   * @param netns Network namespaces of the attachments, as far as they are known.
   */
  async detach(query: Query, netns: readonly string[]): Promise<void> {
    const snapshot = await this.#read(query);
    if (!snapshot.bridge) return;
    const plan = planDetach(query.role, netns, snapshot);
    const empty = plan.length === 0
      ? snapshot.emptyMirrors.filter((id) => snapshot.bridge?.mirrors.includes(id))
      : emptied(await this.#change(plan), snapshot);
    await this.#sweep(snapshot, empty);
  }

  /**
   * Looks for a bridge.
   *
   * @param query Names the bridge.
   * @returns Whether it is there.
   */
  async hasBridge(query: Query): Promise<boolean> {
    return (await this.#read(query)).bridge !== undefined;
  }

  /**
   * Reads and acts until it works out. What a first read refuses is looked at once more, with
   * the names of those who stand in the way; so is what a guard stopped, after a pause.
   */
  async #judge(query: Query, act: (snapshot: Snapshot) => Promise<void>): Promise<void> {
    let snapshot = await this.#read(query);
    for (let attempt = 0;; attempt++) {
      try {
        return await act(snapshot);
      } catch (error) {
        if (isFailedGuard(error)) await pause(attempt);
        else if (!(error instanceof Refusal) || snapshot.details) throw error;
      }
      snapshot = await this.#read(query, snapshot);
    }
  }

  async #sweep(snapshot: Snapshot, empty: readonly string[]): Promise<void> {
    for (let attempt = 0; empty.length > 0; attempt++) {
      try {
        await this.#change(sweep(snapshot.bridge!.id, empty));
        return;
      } catch (error) {
        if (!isFailedGuard(error)) throw error;
      }
      await pause(attempt);
      empty = emptied(await this.#transact([SELECT_EMPTY_MIRRORS]), snapshot);
    }
  }

  async #read(query: Query, earlier?: Snapshot): Promise<Snapshot> {
    const question = ask(query, earlier);
    return question.read(await this.#transact(question.operations));
  }

  #change(operations: readonly Operation[]): Promise<OperationResult[]> {
    return this.#transact([this.#comment, ...operations]);
  }

  #transact(operations: readonly Operation[]): Promise<OperationResult[]> {
    return this.#client.transact(DATABASE, operations);
  }
}

function isFailedGuard(error: unknown): boolean {
  return error instanceof OperationError && error.isFailedGuard;
}

/** Waits for a random time, so that those who collided do not collide again. */
function pause(attempt: number): Promise<void> {
  const bound = PAUSES[Math.min(attempt, PAUSES.length - 1)]!;
  return new Promise((resolve) => setTimeout(resolve, Math.random() * bound));
}
