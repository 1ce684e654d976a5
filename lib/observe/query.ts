/**
 * Reads what is to be shown, and no more than that: ports and the sources of a mirror may be
 * thousands.
 *
 * The reads are several transactions, so rows may come and go between them; a reference to a row
 * that was not found is ignored, as the switch does.
 *
 * @module
 */

import type { Client } from "../ovsdb/client.ts";
import type { Tables } from "../ovsdb/monitor.ts";
import { type Condition, isRow, type Select } from "../ovsdb/operation.ts";
import { selectedRows } from "../ovsdb/result.ts";
import { type Atom, atoms, EMPTY, type Row, uuid, uuidSet, type Value } from "../ovsdb/value.ts";
import { optionalNumber, references } from "./row_values.ts";
import {
  type Columns,
  DATABASE,
  DROPS,
  existing,
  PORTS,
  readSchema,
  type Schema,
  SETUP,
  SOURCES,
  STATISTICS,
} from "./tables.ts";

/** Up to so many rows are asked for one by one; beyond that, all of the table is cheaper. */
const MAX_SINGLE_ROWS = 1000;

/** Mirrors whose sources are asked for in one request. */
const MIRRORS_A_REQUEST = 4;

/** Interfaces that carry nothing. The others may be many; their rows are not read. */
const IS_DOWN: readonly Condition[] = [
  ["link_state", "==", "down"],
  ["admin_state", "==", "down"],
  ["ofport", "==", -1],
  ["error", "!=", EMPTY],
];

/** Mirrors to be read with their sources; all others are read without. */
export interface Wanted {
  /** Names of bridges; all if empty. */
  bridges: readonly string[];
  /** Names of mirrors; all if empty. */
  mirrors: readonly string[];
  /** Row identifiers of ports, one of which a mirror has to have; absent: that does not matter. */
  ports?: readonly string[];
}

/**
 * Reads mirrors and their ports.
 *
 * @param client A connection to the database.
 * @param wanted Which mirrors.
 * @returns The rows. A bridge's `ports` has only outputs; of interfaces of sources, those that are
 * down or take larger packets than an output may be all that there are.
 * @throws {OvsdbError} They could not be read.
 */
export async function readTables(client: Client, wanted: Wanted): Promise<Tables> {
  const reading = new Reading(client, await readSchema(client));
  await reading.setup();
  await reading.sources(await reading.choose(wanted));
  await reading.ports();
  await reading.interfaces();
  return reading.tables;
}

/** The tables while they are read. */
class Reading {
  readonly tables = new Map<string, Map<string, Row>>();
  /** One reference for each row, however many mirrors have it. */
  readonly #references = new Map<string, Atom>();

  constructor(readonly client: Client, readonly schema: Schema) {}

  async setup(): Promise<void> {
    await this.#read(all(SETUP, "Open_vSwitch"), all(SETUP, "Bridge"), {
      ...all(SETUP, "Mirror"),
      columns: [...SETUP.Mirror, ...STATISTICS.Mirror],
    });
  }

  /** Identifiers of the mirrors that are wanted. */
  async choose({ bridges, mirrors, ports }: Wanted): Promise<string[]> {
    const ofPorts = ports && await this.#mirrorsOf(ports);
    return Array.from(this.#rows("Bridge").values())
      .filter(({ name }) => bridges.length === 0 || bridges.includes(String(name)))
      .flatMap((row) => references(row, "mirrors"))
      .filter((id) => {
        const name = String(this.#rows("Mirror").get(id)?.name);
        return (mirrors.length === 0 || mirrors.includes(name)) && (!ofPorts || ofPorts.has(id));
      });
  }

  async #mirrorsOf(ports: readonly string[]): Promise<Set<string>> {
    const columns = [...SOURCES.Mirror, "output_port"];
    const selects = ports.flatMap((port) =>
      columns.map((column): Select => ({
        op: "select",
        table: "Mirror",
        where: [[column, "includes", ["uuid", port]]],
        columns: ["_uuid"],
      }))
    );
    const answers = await this.client.transact(DATABASE, selects);
    return new Set(answers.flatMap(selectedRows).map((row) => uuid(row._uuid)));
  }

  /**
   * Some mirrors a request: all in one may be tens of millions of bytes, and each request has a
   * cost of its own. The server works on the next while we read.
   */
  async sources(mirrors: readonly string[]): Promise<void> {
    const requests = [];
    for (let start = 0; start < mirrors.length; start += MIRRORS_A_REQUEST) {
      const some = mirrors.slice(start, start + MIRRORS_A_REQUEST);
      requests.push(this.#read(...some.map((id) => one(SOURCES, "Mirror", id))));
    }
    await Promise.all(requests);
  }

  async ports(): Promise<void> {
    const mirrors = Array.from(this.#rows("Mirror").values());
    const outputs = mirrors.flatMap((row) => references(row, "output_port"));
    const ids = new Set([
      ...outputs,
      ...mirrors.flatMap((row) => SOURCES.Mirror.flatMap((column) => references(row, column))),
    ]);
    await this.#read(
      ...ids.size > MAX_SINGLE_ROWS
        ? [all(PORTS, "Port")]
        : Array.from(ids, (id) => one(PORTS, "Port", id)),
    );
    await this.#bridgesOf(outputs);
  }

  /** Asks for the bridge of each port: a bridge's list of ports may be long. */
  async #bridgesOf(ports: readonly string[]): Promise<void> {
    const selects = ports.map((port): Select => ({
      op: "select",
      table: "Bridge",
      where: [["ports", "includes", ["uuid", port]]],
      columns: ["_uuid"],
    }));
    const answers = await this.client.transact(DATABASE, selects);
    const members = Map.groupBy(ports.keys(), (index) => {
      const [row] = selectedRows(answers[index]);
      return row && uuid(row._uuid);
    });
    for (const [bridge, indexes] of members) {
      if (bridge) this.#merge("Bridge", bridge, { ports: uuidSet(indexes.map((i) => ports[i]!)) });
    }
  }

  async interfaces(): Promise<void> {
    const outputs = new Set(
      Array.from(this.#rows("Mirror").values()).flatMap((row) => references(row, "output_port")),
    );
    const [ofOutputs, ofSources] = Array.from(this.#rows("Port"))
      .reduce(([yes, no], [id, row]) => {
        (outputs.has(id) ? yes : no).push(...references(row, "interfaces"));
        return [yes, no];
      }, [[], []] as [string[], string[]]);
    const columns = [...PORTS.Interface, ...DROPS.Interface];
    await this.#read(...ofOutputs.map((id) => ({ ...one(PORTS, "Interface", id), columns })));
    await this.#read(
      ...ofSources.length > MAX_SINGLE_ROWS
        ? this.#suspects()
        : ofSources.map((id) => one(PORTS, "Interface", id)),
    );
  }

  /** Interfaces that are down, or take larger packets than an output does. */
  #suspects(): Select[] {
    const sizes = Array.from(this.#rows("Interface").values())
      .flatMap((row) => optionalNumber(row, "mtu") ?? []);
    const larger: Condition[] = sizes.length > 0 ? [["mtu", ">", Math.min(...sizes)]] : [];
    return [...IS_DOWN, ...larger]
      .filter(([column]) => this.schema.get("Interface")?.has(column))
      .map((condition) => ({ ...all(PORTS, "Interface"), where: [condition] }));
  }

  async #read(...selects: Select[]): Promise<void> {
    const possible = selects.flatMap((select): Select[] => {
      const { [select.table]: columns } = existing(
        { [select.table]: select.columns! },
        this.schema,
      );
      return columns ? [{ ...select, columns: ["_uuid", ...columns] }] : [];
    });
    const answers = await this.client.transact(DATABASE, possible);
    possible.forEach(({ table }, index) => {
      for (const { _uuid, ...row } of selectedRows(answers[index])) {
        this.#merge(table, uuid(_uuid), this.#share(row));
      }
    });
  }

  #merge(table: string, id: string, row: Row): void {
    this.#rows(table).set(id, { ...this.#rows(table).get(id), ...row });
  }

  /** Without this, 32 mirrors of 10,000 ports each take 100 million bytes. */
  #share(row: Row): Row {
    const shared: Record<string, Value> = { ...row };
    for (const column of SOURCES.Mirror) {
      const value = row[column];
      if (value !== undefined) shared[column] = ["set", atoms(value).map((it) => this.#once(it))];
    }
    return shared;
  }

  #once(reference: Atom): Atom {
    if (!Array.isArray(reference)) return reference;
    const known = this.#references.get(reference[1]);
    if (!known) this.#references.set(reference[1], reference);
    return known ?? reference;
  }

  #rows(table: string): Map<string, Row> {
    const rows = this.tables.get(table) ?? new Map<string, Row>();
    this.tables.set(table, rows);
    return rows;
  }
}

function all(columns: Columns, table: string): Select {
  return { op: "select", table, where: [], columns: columns[table] };
}

function one(columns: Columns, table: string, id: string): Select {
  return { ...all(columns, table), where: [isRow(id)] };
}
