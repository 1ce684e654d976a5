/**
 * Operations on a model database.
 *
 * Source: RFC 7047 section 5.2.
 *
 * @module
 */

import type {
  Condition,
  Delete,
  Insert,
  Mutate,
  Mutation,
  Operation,
  Select,
  Update,
  Wait,
} from "../../../lib/ovsdb/operation.ts";
import type { OperationResult } from "../../../lib/ovsdb/result.ts";
import type { Row as WireRow } from "../../../lib/ovsdb/value.ts";
import { type Datum, decode, encode, equals, excludes, includes, union, without } from "./datum.ts";
import { DEFAULTS, Failure, idOf, type Row, type Tables } from "./row.ts";
import { columnOf, SCHEMA, type TableName } from "./schema.ts";

/** Carries out operations, one after the other, on rows of its own. */
export class Transaction {
  readonly #tables: Tables;
  readonly #names = new Map<string, string>();
  /** Identifiers of the rows that are still to be inserted. */
  readonly #newIds: IterableIterator<string>;

  /**
   * @param tables The rows; changed by the operations.
   * @param operations All that will be carried out: rows may be named before they are inserted.
   * @param newId Makes identifiers.
   */
  constructor(tables: Tables, operations: readonly Operation[], newId: () => string) {
    this.#tables = tables;
    for (const operation of operations) {
      if (operation.op !== "insert") continue;
      const name = operation["uuid-name"] ?? `unnamed ${this.#names.size}`;
      if (this.#names.has(name)) throw new TypeError(`two rows are named ${name}`);
      this.#names.set(name, newId());
    }
    this.#newIds = this.#names.values();
  }

  /**
   * Carries out one operation.
   *
   * @returns The server's answer.
   * @throws {Failure} The operation fails.
   * @throws {TypeError} The model does not know such an operation.
   */
  execute(operation: Operation): OperationResult {
    switch (operation.op) {
      case "select":
        return { rows: this.#select(operation) };
      case "insert":
        return { uuid: ["uuid", this.#insert(operation)] };
      case "update":
        return { count: this.#replace(operation, (row) => this.#updated(operation, row)) };
      case "mutate":
        return { count: this.#replace(operation, (row) => this.#mutated(operation, row)) };
      case "delete":
        return { count: this.#delete(operation) };
      case "wait":
        return this.#wait(operation);
      case "comment":
        return {};
    }
  }

  #select({ table, where, columns }: Pick<Select, "table" | "where" | "columns">): WireRow[] {
    const names = columns ?? Object.keys(SCHEMA[table as TableName]);
    return this.#find(table, where).map((row) =>
      Object.fromEntries(names.map((name) => [name, encode(row[name]!, columnOf(table, name))]))
    );
  }

  #insert({ table, row }: Insert): string {
    const id: string = this.#newIds.next().value!;
    const _uuid = new Map([[id, null]]);
    const given = this.#decodeRow(table, row);
    this.#rows(table).set(id, { ...DEFAULTS[table as TableName], ...given, _uuid });
    return id;
  }

  #updated({ table, row }: Update, old: Row): Row {
    return { ...old, ...this.#decodeRow(table, row) };
  }

  #mutated({ table, mutations }: Mutate, old: Row): Row {
    return mutations.reduce((row, mutation) => this.#mutatedOnce(table, row, mutation), old);
  }

  #mutatedOnce(table: string, row: Row, [name, mutator, value]: Mutation): Row {
    const column = columnOf(table, name);
    // Of a map, keys alone may be deleted too.
    const isKeys = mutator === "delete" && column.type === "map" && isSet(value);
    const change = { insert: union, delete: isKeys ? withoutKeys : without, "+=": plus }[
      mutator as string
    ];
    if (!change) throw new TypeError(`the model does not know the mutator ${mutator}`);
    const datum = change(
      row[name]!,
      decode(value, isKeys ? { ...column, type: "string" } : column, this.#names),
    );
    if (datum.size > column.max) throw new Failure("constraint violation");
    return { ...row, [name]: datum };
  }

  #delete({ table, where }: Delete): number {
    const found = this.#find(table, where);
    for (const row of found) this.#rows(table).delete(idOf(row));
    return found.length;
  }

  #wait({ table, where, columns, until, rows, timeout }: Wait): OperationResult {
    const found = this.#select({ table, where, columns }).map(asText);
    const expected = rows.map(asText);
    const same = new Set(found).symmetricDifference(new Set(expected)).size === 0;
    if (same === (until === "==")) return {};
    if (timeout !== 0) throw new TypeError("the model does not wait");
    throw new Failure("timed out");
  }

  #replace({ table, where }: Update | Mutate, change: (row: Row) => Row): number {
    const found = this.#find(table, where);
    for (const row of found) this.#rows(table).set(idOf(row), change(row));
    return found.length;
  }

  #find(table: string, where: readonly Condition[]): Row[] {
    const tests = where.map(([name, test, value]) => {
      const expected = decode(value, columnOf(table, name), this.#names);
      return (row: Row) => passes(row[name]!, test, expected);
    });
    return [...this.#rows(table).values()].filter((row) => tests.every((test) => test(row)));
  }

  #decodeRow(table: string, row: Insert["row"]): Row {
    return Object.fromEntries(
      Object.entries(row).map(([name, value]) => {
        const column = columnOf(table, name);
        const datum = decode(value, column, this.#names);
        const fits = datum.size >= column.min && datum.size <= column.max;
        if (!fits) throw new Failure("syntax error");
        return [name, datum];
      }),
    );
  }

  #rows(table: string): Map<string, Row> {
    const rows = this.#tables[table as TableName];
    if (!rows) throw new TypeError(`the model has no table ${table}`);
    return rows;
  }
}

function isSet(value: Mutation[2]): boolean {
  return Array.isArray(value) && value[0] === "set";
}

function withoutKeys(datum: Datum, keys: Datum): Datum {
  return new Map([...datum].filter(([key]) => !keys.has(key)));
}

/** Adds a number to the one that a column holds. */
function plus(datum: Datum, other: Datum): Datum {
  const sum = [datum, other].flatMap((one) => [...one.keys()]).reduce((a, b) => +a + +b);
  return new Map([[sum, null]]);
}

function passes(datum: Datum, test: Condition[1], expected: Datum): boolean {
  switch (test) {
    case "==":
      return equals(datum, expected);
    case "!=":
      return !equals(datum, expected);
    case "includes":
      return includes(datum, expected);
    case "excludes":
      return excludes(datum, expected);
    case ">":
    case ">=": {
      const [[number], [least]] = [[...datum.keys()], [...expected.keys()]];
      return Number(number) > Number(least) || (test === ">=" && number === least);
    }
    default:
      throw new TypeError(`the model does not know the test ${test}`);
  }
}

/** Rows of the same columns with the same values give the same text. */
function asText(row: WireRow): string {
  return JSON.stringify(Object.entries(row).sort());
}
