/**
 * A model database and a real one that are told the same.
 *
 * @module
 */

import { ModelDatabase } from "../../model/database/database.ts";
import { SCHEMA } from "../../model/database/schema.ts";
import { Client } from "../../../lib/ovsdb/client.ts";
import type { Condition, Insert, Operation } from "../../../lib/ovsdb/operation.ts";
import { uuidSet, type Value } from "../../../lib/ovsdb/value.ts";
import { idOf, type Tables } from "../../model/database/row.ts";
import { named } from "../../model/switch/rows.ts";
import type { Ovsdb } from "./ovsdb.ts";

const DATABASE = "Open_vSwitch";
const EXPLANATIONS = ["details", "syntax"];
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** Answers of both, in a form that can be compared. */
export interface Answers {
  model: unknown;
  real: unknown;
}

/** The pair. Both start empty. */
export class ModelTwin implements Disposable {
  readonly model = new ModelDatabase();
  readonly #client: Client;
  /** Identifiers of rows in the model, by those in the real database, and the reverse. */
  readonly #toModel = new Map<string, string>();
  readonly #toReal = new Map<string, string>();

  private constructor(client: Client) {
    this.#client = client;
  }

  /** Removes all that is on a switch, and connects to its database. */
  static async start(database: Ovsdb): Promise<ModelTwin> {
    const client = await Client.connect({ transport: "unix", path: database.socket });
    const row = { bridges: ["set", []] as const, next_cfg: 0, cur_cfg: 0 };
    await client.transact(DATABASE, [{ op: "update", table: DATABASE, where: [], row }]);
    return new ModelTwin(client);
  }

  /** Closes the connection at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.#client.close();
  }

  /** Carries out the same transaction on both. */
  async transact(operations: readonly Operation[]): Promise<Answers> {
    const steps = operations.map((operation, index) =>
      inRealSchema(operation, index, this.model.tables)
    );
    const real = await this.#client.call("transact", [
      DATABASE,
      ...replaceIds(steps.flat(), this.#toReal),
    ]) as unknown[];
    const model = this.model.transact(operations);
    const answers = answersTo(steps, real);
    operations.forEach(({ op }, index) => {
      if (op === "insert") this.#learn(model[index], answers[index]);
    });
    return { model: comparable(model), real: comparable(replaceIds(answers, this.#toModel)) };
  }

  /** All rows of both, but for interfaces of ports, which the model has not. */
  async rows(): Promise<Answers> {
    return await this.transact(
      Object.entries(SCHEMA).filter(([table]) => ![DATABASE, "Interface"].includes(table)).map((
        [table, columns],
      ) => (
        { op: "select", table, where: [], columns: Object.keys(columns) }
      )),
    );
  }

  #learn(model: unknown, real: unknown): void {
    const [ours, theirs] = [model, real].map((answer) =>
      (answer as { uuid?: string[] })?.uuid?.[1]
    );
    if (ours === undefined || theirs === undefined) return;
    this.#toModel.set(theirs, ours);
    this.#toReal.set(ours, theirs);
  }
}

/** The real schema wants an interface of each port, and something that keeps each bridge. */
function inRealSchema(operation: Operation, index: number, tables: Tables): Operation[] {
  if (operation.op === "delete" && operation.table === "Bridge") {
    const [[, , name]] = operation.where as [Condition];
    return [operation, onKeeper("delete", uuidSet(named(tables.Bridge, `${name}`).map(idOf)))];
  }
  if (operation.op !== "insert") return [operation];
  const label = `extra${index}`;
  if (operation.table === "Port") {
    const row = { ...operation.row, interfaces: ["named-uuid", label] as const };
    const { name } = operation.row as { name: string };
    return [{ ...operation, row }, {
      op: "insert",
      table: "Interface",
      row: { name },
      "uuid-name": label,
    }];
  }
  if (operation.table !== "Bridge") return [operation];
  const keeper = onKeeper("insert", ["set", [["named-uuid", label]]]);
  return [{ ...operation, "uuid-name": label } satisfies Insert, keeper];
}

function onKeeper(mutator: "insert" | "delete", bridges: Value): Operation {
  return { op: "mutate", table: DATABASE, where: [], mutations: [["bridges", mutator, bridges]] };
}

/** The first answer to each step, and the error of a commit that failed. */
function answersTo(steps: readonly Operation[][], answers: readonly unknown[]): unknown[] {
  let next = 0;
  const firsts = steps.map(({ length }) => answers[(next += length) - length]);
  return [...firsts, ...answers.slice(next)];
}

function replaceIds<T>(value: T, ids: ReadonlyMap<string, string>): T {
  return JSON.parse(JSON.stringify(value).replace(UUID, (id) => ids.get(id) ?? id));
}

/** Without the order of rows and sets, and without what errors say besides their name. */
function comparable(value: unknown): unknown {
  if (!Array.isArray(value)) {
    if (typeof value !== "object" || value === null) return value;
    const members = Object.entries(value).filter(([name]) => !EXPLANATIONS.includes(name));
    return Object.fromEntries(members.sort().map(([name, member]) => [name, sorted(name, member)]));
  }
  return value.map(comparable);
}

function sorted(name: string, member: unknown): unknown {
  const isSet = Array.isArray(member) && (member[0] === "set" || member[0] === "map");
  if (isSet) return [member[0], sortedByText(member[1])];
  return name === "rows" ? sortedByText((member as unknown[]).map(comparable)) : comparable(member);
}

function sortedByText(items: unknown[]): unknown[] {
  return items.toSorted((a, b) => JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
}
