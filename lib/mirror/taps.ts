/**
 * Plans what a consumer's options take: further rows for further consumers, and options that live
 * and die with the consumer. Loaded only where there are any.
 *
 * @module
 */

import { quote } from "../input/shape.ts";
import { type Condition, guard, type Mutate, type Operation } from "../ovsdb/operation.ts";
import { selectedRows } from "../ovsdb/result.ts";
import { EMPTY, readStringMap, stringMap, uuids, uuidSet, type Value } from "../ovsdb/value.ts";
import type { TapPlan, TapPlanner } from "./attach.ts";
import { refusals } from "./conflicts.ts";
import { chooseCourse, type Course } from "./course.ts";
import { ALL_FROM_CONSUMER, FILTER_FROM_CONSUMER, FROM_CONSUMER, SHARED } from "./marks.ts";
import { columnsOf, type MirrorOptions, withoutOptions } from "./options.ts";
import { attachablePorts } from "./ports.ts";
import type { AttachRequest } from "./request.ts";
import {
  type MirrorState,
  OWNER,
  type Question,
  select,
  type Snapshot,
  type Sources,
  WITHOUT_SOURCES,
} from "./snapshot.ts";

type Refuse = ReturnType<typeof refusals>;

/**
 * Finds the rows whose sources a further consumer's row gets.
 *
 * @param request What was asked for.
 * @param snapshot The database as it was read.
 * @returns Rows of `Mirror`.
 */
export function rowsToCopy(request: AttachRequest, snapshot: Snapshot): string[] {
  if (!snapshot.bridge) return [];
  const ports = attachablePorts(request, snapshot);
  return request.mirrors.flatMap((wanted) => {
    const rows = snapshot.mirrors.filter(({ name }) => name === wanted.name);
    const { isMade } = chooseCourse(request.role, wanted, rows, ports);
    return isMade ? rows.map(({ id }) => id) : [];
  });
}

/**
 * Asks for the sources of mirrors; this once they are read whole.
 *
 * @param mirrors Rows of `Mirror`.
 * @returns The question.
 */
export function askSources(mirrors: readonly string[]): Question<Map<string, Sources>> {
  const columns = ["select_src_port", "select_dst_port"];
  return {
    operations: mirrors.map((id) => select("Mirror", [["_uuid", "==", ["uuid", id]]], columns)),
    read: (results) =>
      new Map(mirrors.flatMap((id, index) =>
        selectedRows(results[index]).map((row) => [
          id,
          { src: uuids(row.select_src_port), dst: uuids(row.select_dst_port) },
        ])
      )),
  };
}

/** Plans what options take. */
export const planTaps: TapPlanner = (request, courses, ports, snapshot): TapPlan => {
  const refuse = refusals(request, ports);
  if (!request.role.exclusive) {
    return { before: refuseProducers(snapshot, refuse), rows: new Map() };
  }
  const made = courses.filter(({ isMade }) => isMade);
  return {
    before: courses.flatMap((course) => [
      ...course.targets.flatMap((row) => planRow(course.wanted.options ?? {}, row, refuse)),
      ...(course.isMade ? guardSources(course, snapshot, refuse) : []),
    ]),
    rows: new Map(made.map((course) => [course.wanted.name, newRow(course, snapshot)])),
  };
};

/** A mirror of all ports has its sources already, and no room for others. */
function refuseProducers({ mirrors }: Snapshot, refuse: Refuse): Operation[] {
  for (const { name, tap } of mirrors) {
    if (tap?.fromConsumer && tap.columns.select_all === true) {
      const why = "its consumer takes all ports of the bridge";
      throw refuse("unsuitable mirror", name, why, "use another mirror for single ports");
    }
  }
  return mirrors.map(({ id }) =>
    guard("Mirror", [is(id), ["external_ids", "excludes", ALL_FROM_CONSUMER]], [id])
  );
}

/** Gives a row that is there the options, guarded by what it was like. */
function planRow(options: MirrorOptions, row: MirrorState, refuse: Refuse): Operation[] {
  const { id, name, tap } = row;
  if (!tap) return [];
  if (options.all) refuseSources(row, refuse);
  const asRead: Condition[] = [
    ...Object.entries(tap.columns).map(([name, value]): Condition => [name, "==", value]),
    ["external_ids", tap.fromConsumer ? "includes" : "excludes", FROM_CONSUMER],
    ...(options.all ? WITHOUT_SOURCES : []),
  ];
  const before = guard("Mirror", [is(id), ...asRead], [id]);
  const wanted = { ...withoutOptions(Object.keys(tap.columns)), ...columnsOf(options) };
  const isSame = Object.keys(wanted).every((column) => equals(wanted[column], tap.columns[column]));
  const isPlain = Object.entries(withoutOptions(Object.keys(tap.columns)))
    .every(([column, value]) => equals(value, tap.columns[column]));
  const asksNothing = Object.keys(columnsOf(options)).length === 0;
  if (!tap.fromConsumer && (isSame || asksNothing)) return [before];
  if (!tap.isOurs || !(tap.fromConsumer || isPlain)) {
    const why = `somebody else has set ${namesOf(tap.columns).join(", ")} of it`;
    throw refuse("unsuitable mirror", name, why, "use another mirror, or the same options");
  }
  const cleared = tap.filterFromConsumer ? withoutOptions(["filter"]) : {};
  return [before, setOptions(id, { ...cleared, ...wanted }), mark(id, options)];
}

function refuseSources({ name, tap }: MirrorState, refuse: Refuse): void {
  if (!tap?.hasSources) return;
  const why = '"all" takes all ports of the bridge, and it has producers';
  throw refuse("unsuitable mirror", name, why, "use another mirror, or leave out one of the two");
}

function setOptions(id: string, row: Readonly<Record<string, Value>>): Operation {
  return { op: "update", table: "Mirror", where: [is(id)], row };
}

function mark(id: string, options: MirrorOptions): Operation {
  const marks = marksOf(options);
  const all = [FROM_CONSUMER, FILTER_FROM_CONSUMER, ALL_FROM_CONSUMER];
  const mutations: Mutate["mutations"] = all.map((one) =>
    ["external_ids", marks.includes(one) ? "insert" : "delete", one] as const
  );
  return { op: "mutate", table: "Mirror", where: [is(id)], mutations };
}

function marksOf(options: MirrorOptions): Value[] {
  if (Object.keys(columnsOf(options)).length === 0) return [];
  return [
    FROM_CONSUMER,
    ...(options.filter !== undefined ? [FILTER_FROM_CONSUMER] : []),
    ...(options.all ? [ALL_FROM_CONSUMER] : []),
  ];
}

/** A row beside others of its name has their sources, and is made only while it does. */
function guardSources(
  { wanted, rows }: Course,
  { sources }: Snapshot,
  refuse: Refuse,
): Operation[] {
  for (const row of rows) {
    if (row.tap && !row.tap.isOurs) {
      const why = "it has an output already, and is not of the plugins' making";
      throw refuse("unsuitable mirror", row.name, why, "use a mirror that a pod makes");
    }
    if (wanted.options?.all) refuseSources(row, refuse);
  }
  return rows.map(({ id, output }) => {
    const { src = [], dst = [] } = sources?.get(id) ?? {};
    return guard("Mirror", [
      is(id),
      ["output_port", "==", output === undefined ? EMPTY : ["uuid", output]],
      ["select_src_port", "==", uuidSet(src)],
      ["select_dst_port", "==", uuidSet(dst)],
    ], [id]);
  });
}

function newRow({ wanted, rows }: Course, { sources }: Snapshot): Record<string, Value> {
  const options = wanted.options ?? {};
  const copied = rows.flatMap(({ id }) => sources?.get(id) ?? []);
  const marks = [...marksOf(options), ...(rows.length > 0 ? [SHARED] : [])];
  const entries = marks.flatMap((one) => [...readStringMap(one)]);
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

/** Whether two values are the same; a set of one may come as its element, and in any order. */
function equals(one: Value | undefined, other: Value | undefined): boolean {
  return normal(one) === normal(other);
}

function normal(value: Value | undefined): string {
  const atoms: readonly unknown[] = Array.isArray(value) && value[0] === "set" ? value[1] : [value];
  return JSON.stringify(atoms.map((atom) => JSON.stringify(atom)).sort());
}

function is(id: string): Condition {
  return ["_uuid", "==", ["uuid", id]];
}
