/**
 * State that calls share: a switch and the records of attachments.
 *
 * @module
 */

import { CniError } from "../../../lib/cni/error.ts";
import type { PluginRequest } from "../../../lib/cni/skel.ts";
import type { Role } from "../../../lib/mirror/role.ts";
import { ConnectionError } from "../../../lib/ovsdb/error.ts";
import type { Operation } from "../../../lib/ovsdb/operation.ts";
import { operationResults } from "../../../lib/ovsdb/result.ts";
import type { CallContext } from "../../../lib/plugin/call.ts";
import { Deadline } from "../../../lib/plugin/deadline.ts";
import type { Change, Directory } from "../../../lib/plugin/records/directory.ts";
import { createPlugin } from "../../../lib/plugin/plugin.ts";
import type { Connection } from "../../../lib/plugin/database/session.ts";
import { ModelDatabase } from "../database/database.ts";
import type { Row, Tables } from "../database/row.ts";
import { MemoryDirectory } from "../switch/memory.ts";

/** Outcome of a call: no complaint, or an error. */
export interface Outcome {
  code: number;
  message: string;
}

/** Does something, now or when it may. */
export type Do = <Value>(act: () => Value, cut?: () => Error) => Promise<Value>;

/** Does everything at once. */
export const AT_ONCE: Do = (act) => Promise.resolve().then(act);

/** A switch and a directory of records. */
export class World {
  #database: ModelDatabase;
  readonly #directory = new MemoryDirectory();

  /**
   * @param tables What is on the switch.
   * @param files What is on record.
   */
  constructor(tables: Tables, files: ReadonlyMap<string, string> = new Map()) {
    this.#database = new ModelDatabase(tables);
    for (const [name, text] of files) this.#directory.files.set(name, text);
  }

  /** Rows of the switch. */
  get tables(): Tables {
    return this.#database.tables;
  }

  set tables(tables: Tables) {
    this.#database = new ModelDatabase(tables);
  }

  /** The records. */
  get files(): ReadonlyMap<string, string> {
    return this.#directory.files;
  }

  /** Changes the switch, as others do. */
  change(operations: readonly Operation[]): void {
    operationResults(operations, this.#database.transact(operations));
  }

  /** All of that as one text. */
  toString(): string {
    const rows = Object.entries(this.tables).filter(([table]) => table !== "Open_vSwitch")
      .flatMap(([, rows]) => [...rows.values()].map(rowText).sort());
    return [...rows, ...[...this.files].map(String).sort()].join("\n");
  }

  /**
   * Calls a plugin.
   *
   * @param name A name of the call, for the rows that it makes.
   * @param request What the runtime wants.
   * @param turn Does what the call does here.
   * @returns What became of it.
   */
  async call(name: string, role: Role, request: PluginRequest, turn: Do): Promise<Outcome> {
    const context: CallContext = {
      directory: new TurningDirectory(this.#directory, turn),
      // Too little to begin again after a cut, as the runtime does.
      deadline: new Deadline(250, new AbortController().signal),
      waits: false,
      connect: () => Promise.resolve(this.#connect(name, turn)),
    };
    try {
      await createPlugin(role, context)(request);
      return { code: 0, message: "" };
    } catch (error) {
      if (error instanceof CniError) return { code: error.code, message: error.message };
      throw error;
    }
  }

  #connect(name: string, turn: Do): Connection {
    let isBroken = false;
    const broken = () => new ConnectionError("the connection broke");
    const transact = (operations: readonly Operation[]) => {
      let row = 0;
      // Whose row it is and which, not when it came, so that the order does not show.
      const newId = (): string => {
        const id = `${name} ${++row}`;
        return this.tables.Mirror.has(id) ? newId() : id;
      };
      return sorted(this.#database.transact(operations, newId)) as unknown[];
    };
    return {
      async transact(_database, operations) {
        if (isBroken) throw broken();
        const cut = () => {
          isBroken = true;
          return broken();
        };
        const results = await turn(() => transact(operations), cut);
        return operationResults(operations, results);
      },
      close() {},
    };
  }
}

/** A directory in which everything waits for its turn. */
class TurningDirectory implements Directory {
  constructor(readonly directory: MemoryDirectory, readonly turn: Do) {}

  path(name: string): string {
    return this.directory.path(name);
  }

  async read(name: string): Promise<Uint8Array | undefined> {
    const text = await this.turn(() => this.directory.files.get(name));
    return text === undefined ? undefined : new TextEncoder().encode(text);
  }

  async update(name: string, change: Change): Promise<void> {
    // What was there before is what the call gets to know by this.
    await this.turn(() => {
      const before = this.directory.files.get(name);
      this.directory.change(name, change);
      return before;
    });
  }

  async clearUp(): Promise<void> {}

  async tidy(): Promise<void> {}

  list(): Promise<string[]> {
    return this.turn(() => [...this.directory.files.keys()].sort());
  }
}

function rowText(row: Row): string {
  return Object.entries(row).map(([name, datum]) => `${name}=${[...datum].map(String).sort()}`)
    .join(" ");
}

/**
 * Answers with rows and sets in an order of their own, where the server's may be any. How many
 * changes there were before matters to those alone who wait for the switch, and nobody does here.
 */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value[0] === "set" ? ["set", value[1].toSorted(byText)] : value.map(sorted);
  }
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).map(([name, one]) => [
    name,
    name === "rows" ? one.map(sorted).sort(byText) : name === "next_cfg" ? 0 : sorted(one),
  ]);
  return Object.fromEntries(members);
}

function byText(one: unknown, other: unknown): number {
  return JSON.stringify(one) < JSON.stringify(other) ? -1 : 1;
}
