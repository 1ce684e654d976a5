/**
 * Plans a consumer's options: further rows for further consumers, and options that are removed with
 * their consumer. Loaded only if there are any.
 *
 * @module
 */

import { quote } from "../../input/shape.ts";
import {
  type Condition,
  guard,
  isRow,
  type Mutate,
  type Operation,
  select,
} from "../../ovsdb/operation.ts";
import { selectedRows } from "../../ovsdb/result.ts";
import { readStringMap, stringMap, uuids, uuidSet, type Value } from "../../ovsdb/value.ts";
import type { OptionsPlan, OptionsPlanner } from "./attach.ts";
import { planRemoval } from "./remove_options.ts";
import { refusals, type Refuse } from "./refusals.ts";
import type { Choice, TargetRows } from "./target_rows.ts";
import {
  ALL_FROM_CONSUMER,
  BY_HAND,
  BY_HAND_PREFIX,
  FILTER_FROM_CONSUMER,
  FROM_CONSUMER,
  SHARED,
  SHARES,
} from "../snapshot/external_ids.ts";
import type { WantedMirror } from "../config/config.ts";
import { columnsOf, type MirrorOptions, withoutOptions } from "../config/options.ts";
import {
  type MirrorState,
  outputIs,
  OWNER,
  type Question,
  type RowOptions,
  type Snapshot,
  type Sources,
  WITHOUT_SOURCES,
} from "../snapshot/snapshot.ts";

/**
 * Finds the rows whose sources a further consumer's row gets.
 *
 * @param choice What the ADD is about.
 * @returns Rows of `Mirror`.
 */
export function rowsToCopy({ mirrors }: Choice): string[] {
  return mirrors.flatMap(({ isMade, rows }) => isMade ? rows.map(({ id }) => id) : []);
}

/**
 * Asks for the sources of mirrors; only here they are read as a whole.
 *
 * @param mirrors Rows of `Mirror`.
 * @returns The question.
 */
export function askSources(mirrors: readonly string[]): Question<Map<string, Sources>> {
  const columns = ["select_src_port", "select_dst_port", "external_ids"];
  return {
    operations: mirrors.map((id) => select("Mirror", [isRow(id)], columns)),
    read: (results) =>
      new Map(mirrors.flatMap((id, index) =>
        selectedRows(results[index]).map((row) => [
          id,
          {
            src: uuids(row.select_src_port),
            dst: uuids(row.select_dst_port),
            byHand: sourcesByHand(readStringMap(row.external_ids)),
          },
        ])
      )),
  };
}

/**
 * Returns the entries of sources attached by hand: the row that is copied may be removed first, and
 * their end with it.
 */
function sourcesByHand(external_ids: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const entries = [...external_ids].filter(([key, value]) =>
    key.startsWith(BY_HAND_PREFIX) && !value.includes("output_port")
  );
  return new Map([...entries, ...entries.length > 0 ? readStringMap(BY_HAND) : []]);
}

/** Plans options. */
export const planOptions: OptionsPlanner = (
  request,
  { ports, mirrors: choices },
  snapshot,
): OptionsPlan => {
  const refuse = refusals(request, ports);
  if (!request.role.exclusive) {
    return { before: refuseProducers(snapshot, refuse), rows: new Map() };
  }
  const made = choices.filter(({ isMade }) => isMade);
  return {
    before: choices.flatMap((choice) => [
      ...choice.targets.flatMap((row) => planRow(choice.wanted.options ?? {}, row, refuse)),
      ...choice.targets.flatMap((row) => markShared(choice.wanted, row)),
      ...(choice.isMade ? guardSources(choice, snapshot, refuse) : []),
      ...guardOthers(choice, refuse),
      ...removeSurplus(choice),
    ]),
    rows: new Map(made.map((choice) => [choice.wanted.name, newRow(choice, snapshot)])),
  };
};

/** Plans the removal of rows that vanished consumers left beside the chosen one. */
function removeSurplus({ rows, targets: [target] }: TargetRows): Operation[] {
  if (!target) return [];
  const surplus = rows.filter((row) =>
    row !== target && row.output === undefined && !row.outputVlan && row.rowOptions?.isOurs &&
    (row.rowOptions.isCopy || target.rowOptions?.isCopy)
  );
  return planRemoval(surplus.map(({ id, name }) => ({ id, stays: target.id, name })));
}

/** Refuses producers of a mirror of all ports, which takes no single sources. */
function refuseProducers({ mirrors }: Snapshot, refuse: Refuse): Operation[] {
  for (const { name, rowOptions } of mirrors) {
    if (rowOptions?.fromConsumer && rowOptions.columns.select_all === true) {
      const why = "its consumer takes all ports of the bridge";
      throw refuse("unsuitable mirror", name, why, "use another mirror for single ports");
    }
  }
  return mirrors.map(({ id, rowOptions }) => {
    // A person may have cleared the column and left the mark.
    const none: Condition = rowOptions?.fromConsumer && rowOptions.columns.select_all === false
      ? ["select_all", "==", false]
      : ["external_ids", "excludes", ALL_FROM_CONSUMER];
    return guard("Mirror", [isRow(id), none], [id]);
  });
}

/** Sets the options of an existing row, guarded by its earlier values. */
export function planRow(options: MirrorOptions, row: MirrorState, refuse: Refuse): Operation[] {
  const { id, name, rowOptions } = row;
  if (!rowOptions) return [];
  if (options.all) refuseSources(row, refuse);
  const asRead: Condition[] = [
    ...Object.entries(rowOptions.columns).map(([name, value]): Condition => [name, "==", value]),
    ["external_ids", rowOptions.fromConsumer ? "includes" : "excludes", FROM_CONSUMER],
    ...(options.all ? WITHOUT_SOURCES : []),
  ];
  const before = guard("Mirror", [isRow(id), ...asRead], [id]);
  const wanted = { ...withoutOptions(Object.keys(rowOptions.columns)), ...columnsOf(options) };
  const isPlain = holds(rowOptions, {});
  const asksNothing = Object.keys(columnsOf(options)).length === 0;
  if (!rowOptions.fromConsumer && (holds(rowOptions, options) || asksNothing)) return [before];
  if (!rowOptions.isOurs || !(rowOptions.fromConsumer || isPlain)) {
    const why = `somebody else has set ${namesOf(rowOptions.columns).join(", ")} of it`;
    throw refuse("unsuitable mirror", name, why, "use another mirror, or the same options");
  }
  const cleared = rowOptions.filterFromConsumer ? withoutOptions(["filter"]) : {};
  return [before, setOptions(id, { ...cleared, ...wanted }), mark(id, options)];
}

function refuseSources({ name, rowOptions }: MirrorState, refuse: Refuse): void {
  if (!rowOptions?.hasSources) return;
  const why = '"all" takes all ports of the bridge, and it has producers';
  throw refuse("unsuitable mirror", name, why, "use another mirror, or leave out one of the two");
}

function setOptions(id: string, row: Readonly<Record<string, Value>>): Operation {
  return { op: "update", table: "Mirror", where: [isRow(id)], row };
}

function mark(id: string, options: MirrorOptions): Operation {
  const marks = marksOf(options);
  const all = [FROM_CONSUMER, FILTER_FROM_CONSUMER, ALL_FROM_CONSUMER];
  const mutations: Mutate["mutations"] = all.map((one) =>
    ["external_ids", marks.includes(one) ? "insert" : "delete", one] as const
  );
  return { op: "mutate", table: "Mirror", where: [isRow(id)], mutations };
}

export function marksOf(options: MirrorOptions): Value[] {
  if (Object.keys(columnsOf(options)).length === 0) return [];
  return [
    FROM_CONSUMER,
    ...(options.filter !== undefined ? [FILTER_FROM_CONSUMER] : []),
    ...(options.all ? [ALL_FROM_CONSUMER] : []),
  ];
}

/** Marks whether others may join: the current consumer decides, not the one before it. */
function markShared({ shared }: WantedMirror, { id, rowOptions }: MirrorState): Operation[] {
  if (rowOptions?.isCopy || Boolean(shared) === Boolean(rowOptions?.isShared)) return [];
  const mutations = [["external_ids", shared ? "insert" : "delete", SHARES]] as const;
  return [{ op: "mutate", table: "Mirror", where: [isRow(id)], mutations }];
}

/**
 * Guards the sources of a further row: it is made only while the others of its name have the same.
 */
export function guardSources(
  { wanted, rows }: TargetRows,
  { sources }: Snapshot,
  refuse: Refuse,
): Operation[] {
  for (const row of rows) {
    if (row.rowOptions && !row.rowOptions.isOurs) {
      const why = "it has an output already, and is not of the plugins' making";
      throw refuse("unsuitable mirror", row.name, why, "use a mirror that a pod makes");
    }
    if (wanted.options?.all) refuseSources(row, refuse);
  }
  return rows.map(({ id, output }) => {
    const { src = [], dst = [] } = sources?.get(id) ?? {};
    return guard("Mirror", [
      isRow(id),
      outputIs(output),
      ["select_src_port", "==", uuidSet(src)],
      ["select_dst_port", "==", uuidSet(dst)],
    ], [id]);
  });
}

/**
 * Guards that either all consumers of a mirror take all ports or none does, so that each gets each
 * packet.
 */
function guardOthers({ wanted, rows, targets }: TargetRows, refuse: Refuse): Operation[] {
  const all = wanted.options?.all ?? false;
  const others = rows.filter((row) => row.output !== undefined && !targets.includes(row));
  return others.map(({ id, name, rowOptions }) => {
    if (rowOptions && rowOptions.columns.select_all !== all) {
      const why = all
        ? '"all" takes all ports of the bridge, and another consumer of it does not'
        : "another consumer of it takes all ports of the bridge";
      const hint = 'set "all" of the mirror for each of its consumers or for none';
      throw refuse("unsuitable mirror", name, why, hint);
    }
    return guard("Mirror", [isRow(id), ["select_all", "==", all]], [id]);
  });
}

/** Returns a new row with the options, and the sources of the others of its name. */
export function newRow(
  { wanted, rows }: TargetRows,
  { sources }: Snapshot,
  more: readonly Value[] = [],
): Record<string, Value> {
  const options = wanted.options ?? {};
  const copied = rows.flatMap(({ id }) => sources?.get(id) ?? []);
  const marks = [
    ...marksOf(options),
    ...(rows.length > 0 ? [SHARED] : wanted.shared ? [SHARES] : []),
    ...more,
  ];
  const entries = [...marks.map(readStringMap), ...copied.map(({ byHand }) => byHand)]
    .flatMap((map) => [...map]);
  return {
    ...columnsOf(options),
    ...(rows.length > 0 && {
      select_src_port: uuidSet(new Set(copied.flatMap(({ src }) => src))),
      select_dst_port: uuidSet(new Set(copied.flatMap(({ dst }) => dst))),
    }),
    external_ids: stringMap({ owner: OWNER, ...Object.fromEntries(entries) }),
  };
}

function namesOf(columns: Readonly<Record<string, Value>>): string[] {
  const plain = withoutOptions(Object.keys(columns));
  return Object.keys(plain).filter((name) => !equals(plain[name], columns[name])).map((name) =>
    quote(name)
  );
}

/** Tells whether a row has the values that options set, and no others. */
export function holds({ columns }: RowOptions, options: MirrorOptions): boolean {
  const wanted = { ...withoutOptions(Object.keys(columns)), ...columnsOf(options) };
  return Object.keys(wanted).every((column) => equals(wanted[column], columns[column]));
}

/**
 * Tells whether two values are equal; a set of one may be written as its element, and order does
 * not matter.
 */
function equals(one: Value | undefined, other: Value | undefined): boolean {
  return normal(one) === normal(other);
}

function normal(value: Value | undefined): string {
  const atoms: readonly unknown[] = Array.isArray(value) && value[0] === "set" ? value[1] : [value];
  return JSON.stringify(atoms.map((atom) => JSON.stringify(atom)).sort());
}
