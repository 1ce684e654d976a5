/**
 * A node on which something is attached: its database, and its records.
 *
 * @module
 */

import { Refusal } from "../../mirror/refusal.ts";
import { recordsDirectory } from "../../observe/report.ts";
import { Client } from "../../ovsdb/client.ts";
import { type Endpoint, formatEndpoint } from "../../ovsdb/endpoint.ts";
import { OvsdbError } from "../../ovsdb/error.ts";
import { takeBack } from "../../plugin/by_hand.ts";
import { Deadline } from "../../plugin/deadline.ts";
import { Session } from "../../plugin/database/session.ts";
import { FileDirectory } from "../../plugin/records/directory.ts";
import { CommandError, EXIT } from "../errors.ts";
import { explainFailure } from "../show/failure.ts";

/** Milliseconds for the whole, the wait for the switch included. */
export const TIMEOUT = 30_000;

/** The database and the records of this node. */
export class Node implements AsyncDisposable {
  private constructor(
    readonly client: Client,
    readonly session: Session,
    readonly records: FileDirectory,
    readonly address: string,
  ) {}

  static async open(endpoint: Endpoint, comment: string): Promise<Node> {
    const deadline = new Deadline(TIMEOUT);
    try {
      const client = await Client.connect(endpoint, { signal: deadline.signal });
      const records = new FileDirectory(recordsDirectory(), deadline);
      return new Node(client, new Session(client, comment), records, formatEndpoint(endpoint));
    } catch (error) {
      throw explainFailure(error, endpoint);
    }
  }

  /** Tells what goes wrong in words. */
  async explaining<Value>(action: () => Promise<Value>): Promise<Value> {
    try {
      return await action();
    } catch (error) {
      if (error instanceof OvsdbError) {
        throw new CommandError(`${this.address}: ${error.message}`, EXIT.failure);
      }
      return asFailure(error);
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.client.close();
    return Promise.resolve();
  }
}

/** Says what was refused, as a command does. */
export function asFailure(error: unknown): never {
  if (!(error instanceof Refusal)) throw error;
  throw new CommandError(`${error.message}; ${error.hint}`, EXIT.failure);
}

/**
 * Takes back what was attached by hand and has ended.
 *
 * @param endpoint The database.
 */
export async function takeBackEnded(endpoint: Endpoint): Promise<void> {
  await using node = await Node.open(endpoint, "take back what was attached by hand");
  await takeBack(node.session, node.records);
}
