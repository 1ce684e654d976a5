import { assertEquals } from "@std/assert";
import { idOf } from "../../../tests/model/database/row.ts";
import { exampleSwitch } from "../../../tests/model/switch/examples.ts";
import { build } from "../../../tests/model/switch/layout.ts";
import { named } from "../../../tests/model/switch/rows.ts";
import { isFailedGuard } from "../../ovsdb/guarded.ts";
import type { Operation } from "../../ovsdb/operation.ts";
import { operationResults } from "../../ovsdb/result.ts";
import { EMPTY, readStringMap, type Row, stringMap, uuidSet } from "../../ovsdb/value.ts";
import { ALL_FROM_CONSUMER, FROM_CONSUMER, SHARED } from "../snapshot/external_ids.ts";
import { OWNER } from "../snapshot/snapshot.ts";
import { findSurplus, planOptionsRemoval, planRemoval } from "./remove_options.ts";

/** Entries of a row of ours that has some marks. */
function withMarks(...marks: Parameters<typeof readStringMap>[0][]) {
  const entries = marks.flatMap((mark) => [...readStringMap(mark)]);
  return stringMap({ owner: OWNER, ...Object.fromEntries(entries) });
}

Deno.test("planOptionsRemoval() takes back the options of a consumer's own row, with their marks", () => {
  const others = {
    select_all: true,
    snaplen: 64,
    external_ids: withMarks(FROM_CONSUMER, ALL_FROM_CONSUMER),
  };
  const mirror = { name: "m1", bridge: "br1", others };
  const database = build(
    exampleSwitch({ ...mirror, output: "p1" }, { ...mirror, output: "p2" }),
  );
  const port = idOf(named(database.tables.Port, "p1")[0]!);
  const options = ["all", "snaplen"];
  const operations = planOptionsRemoval([{ ports: [port], mirrors: [{ name: "m1", options }] }]);
  operationResults(operations, database.transact(operations));
  const [own, other] = named(database.tables.Mirror, "m1")
    .map(({ select_all, snaplen, external_ids }) => [
      ...select_all!.keys(),
      ...snaplen!.keys(),
      external_ids!.size,
    ]);
  assertEquals([own, other], [[false, 1], [true, 64, 3]]);
});

Deno.test("planOptionsRemoval() takes back the only option on record", () => {
  const others = { snaplen: 64, external_ids: withMarks(FROM_CONSUMER) };
  const database = build(exampleSwitch({ name: "m1", bridge: "br1", output: "p1", others }));
  const port = idOf(named(database.tables.Port, "p1")[0]!);
  const mirrors = [{ name: "m1", options: ["snaplen"] }];
  const operations = planOptionsRemoval([{ ports: [port], mirrors }]);
  operationResults(operations, database.transact(operations));
  assertEquals(named(database.tables.Mirror, "m1")[0]!.snaplen!.size, 0);
});

Deno.test("planOptionsRemoval() follows a mirror to another name, and leaves what is not on record", () => {
  const others = { snaplen: 64, external_ids: withMarks(FROM_CONSUMER) };
  const renamed = { name: "renamed", bridge: "br1", output: "p1", others };
  const database = build(exampleSwitch(renamed));
  const ports = [idOf(named(database.tables.Port, "p1")[0]!)];
  const mirrors = [{ name: "m1", options: ["snaplen"] }, { name: "m2" }];
  const left = (isRenamed: boolean) => {
    const operations = planOptionsRemoval([{ ports, mirrors, isRenamed }]);
    operationResults(operations, database.transact(operations));
    return named(database.tables.Mirror, "renamed")[0]!.snaplen!.size;
  };
  assertEquals([left(false), left(true)], [1, 0]);
  for (const mirror of [{ name: "m1" }, { id: "m", name: "m1" }]) {
    assertEquals(planOptionsRemoval([{ ports, mirrors: [mirror], isRenamed: true }]), []);
  }
  // One that only shared takes back its mark, where nothing else came with it.
  const [shares, ...more] = planOptionsRemoval([{
    ports,
    mirrors: [{ name: "m1", options: ["shared"] }],
  }]);
  assertEquals([shares?.op, more], ["mutate", []]);
});

/** Rows of the same name that have no output, by their identifiers, as the server answers. */
function idle(rows: Readonly<Record<string, Row["external_ids"]>>) {
  return [{
    rows: Object.entries(rows).map(([id, external_ids]): Row => ({
      _uuid: ["uuid", id],
      name: "m1",
      output_port: EMPTY,
      external_ids: external_ids!,
    })),
  }];
}

Deno.test("findSurplus() finds rows of ours beside others that have the same sources", () => {
  const found = (rows: Parameters<typeof idle>[0]) => findSurplus(idle(rows)).map(({ id }) => id);
  const [ours, copy] = [withMarks(), withMarks(SHARED)];
  assertEquals(found({ a: ours, b: copy }), ["a"]);
  assertEquals(found({ a: copy, b: copy, c: copy }), ["a", "b"]);
  assertEquals(found({ a: copy, b: ours }), ["a"]);
  const [rows] = idle({ a: ours, b: copy, c: copy });
  const used = {
    rows: rows!.rows.map((row, index) =>
      index === 0 ? { ...row, output_port: uuidSet(["p"]) } : row
    ),
  };
  assertEquals(findSurplus([used]).map(({ id, stays }) => [id, stays]), [["b", "a"], ["c", "a"]]);
  assertEquals(found({ a: ours, b: ours }), []);
  assertEquals(found({ a: copy }), []);
  const theirs = stringMap({ ...Object.fromEntries(readStringMap(SHARED)), owner: "other" });
  assertEquals(found({ a: theirs, b: copy }), ["b"]);
});

Deno.test("planRemoval() is stopped if a row got an output, or the other one went, meanwhile", () => {
  const stopped = (change: (a: string, b: string, port: string) => Operation[]): boolean => {
    const mirror = { name: "m1", bridge: "br1", others: { external_ids: withMarks(SHARED) } };
    const database = build(exampleSwitch(mirror, mirror));
    const [a, b] = named(database.tables.Mirror, "m1").map(idOf) as [string, string];
    const port = idOf(named(database.tables.Port, "p1")[0]!);
    const plan = planRemoval([{ id: a, stays: b, name: "m1" }]);
    const changes = change(a, b, port);
    operationResults(changes, database.transact(changes));
    try {
      operationResults(plan, database.transact(plan));
      return false;
    } catch (error) {
      return isFailedGuard(error);
    }
  };
  const update = (id: string, row: Row): Operation[] => [
    { op: "update", table: "Mirror", where: [["_uuid", "==", ["uuid", id]]], row },
  ];
  assertEquals(stopped(() => []), false);
  assertEquals(stopped((a, _, port) => update(a, { output_port: uuidSet([port]) })), true);
  assertEquals(stopped((_, b) => update(b, { name: "m2" })), true);
});
