/**
 * Sessions on a model database.
 *
 * @module
 */

import type { Client } from "../../../lib/ovsdb/client.ts";
import type { Operation } from "../../../lib/ovsdb/operation.ts";
import { operationResults } from "../../../lib/ovsdb/result.ts";
import { Session } from "../../../lib/plugin/database/session.ts";
import type { ModelDatabase } from "../database/database.ts";

/** A session that counts. */
export interface ModelSession {
  session: Session;
  /** The transactions so far. */
  transactions: (readonly Operation[])[];
}

/** More than any command needs while nobody interferes. */
const MAX_TRANSACTIONS = 12;

/**
 * Opens a session.
 *
 * @param interfere Called before each transaction with the number of those before it.
 * @returns The session. It fails once it has had more transactions than can be needed.
 */
export function openSession(
  database: ModelDatabase,
  interfere: (count: number) => void = () => {},
): ModelSession {
  const transactions: (readonly Operation[])[] = [];
  const client = {
    transact(_: string, operations: readonly Operation[]) {
      if (transactions.length === MAX_TRANSACTIONS) throw new Error("the session does not end");
      interfere(transactions.length);
      transactions.push(operations);
      return Promise.resolve(operationResults(operations, database.transact(operations)));
    },
  };
  return { session: new Session(client as unknown as Client, "test"), transactions };
}
