import { assert, assertEquals } from "@std/assert";
import { read, readPicture } from "../support/project/documents.ts";
import { circlesIn, loadedBy, type Module, readModules } from "../support/project/imports.ts";

/** Checks of values, which everybody may use. */
const PURE = ["lib/input/address.ts", "lib/input/printable.ts", "lib/input/shape.ts"];

/** What modules may import besides those of the same place. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  "lib/version.ts": [],
  "lib/ovsdb/": ["node:dns/promises"],
  "lib/input/printable.ts": [],
  "lib/input/shape.ts": ["lib/input/printable.ts"],
  "lib/input/address.ts": [],
  "lib/input/json.ts": [],
  "lib/input/json_fault.ts": [],
  "lib/input/files.ts": ["lib/input/json.ts"],
  "lib/input/trusted.ts": ["lib/input/files.ts"],
  "lib/policy/": [...PURE, "lib/ovsdb/endpoint.ts"],
  "lib/cni/": [...PURE, "lib/input/json.ts"],
  "lib/mirror/": [...PURE, "lib/ovsdb/"],
  "lib/mirror/filter/": [...PURE, "lib/mirror/refusal.ts"],
  "lib/schema/": [
    "lib/input/",
    "lib/cni/",
    "lib/mirror/",
    "lib/policy/",
    "lib/version.ts",
    "zod/mini",
    "npm:zod@",
  ],
  "lib/plugin/records/record.ts": ["lib/input/shape.ts", "lib/cni/"],
  "lib/plugin/": [
    "lib/cni/",
    "lib/input/",
    "lib/mirror/",
    "lib/ovsdb/",
    "lib/policy/",
    "lib/schema/",
  ],
};

/** Who may use what of Deno; all others may not even name it. */
const MAY_USE: Readonly<Record<string, RegExp>> = {
  "lib/main.ts": /^Deno\.(args|exit)$/,
  "lib/plugin/process.ts": /^Deno\.(env|stdin|stdout|exit)$/,
  "lib/cli/": /^Deno\./,
  "lib/lint/": /^Deno\./,
  "lib/observe/": /^Deno\./,
  "lib/input/files.ts": /^Deno\.(errors|stat|lstat|lstatSync|open|FileInfo)$/,
  "lib/input/trusted.ts": /^Deno\.(lstat|open|FileInfo)$/,
  "lib/plugin/records/directory.ts":
    /^Deno\.(errors|DirEntry|FsFile|link|lstat|mkdir|open|readDir|remove|rename|stat|writeTextFile)$/,
  "lib/plugin/records/netns.ts": /^Deno\.(errors|lstat)$/,
  "lib/ovsdb/addresses.ts": /^Deno\.(connect|Conn)$/,
  "lib/ovsdb/client.ts": /^Deno\.(connect|Conn|ConnectOptions|errors)$/,
  "lib/plugin/failure.ts": /^Deno\.errors$/,
  "lib/plugin/own_address.ts": /^Deno\.listen$/,
  "lib/plugin/database/run_again.ts": /^Deno\.(errors|stat)$/,
};

/** What tests are made of. */
const FOR_TESTS = /^(fast-check$|@std\/assert$|tests\/)|_test\.ts$/;

/** All modules but those for tests. */
const PROGRAM = readModules("lib", "exports", "mod.ts", "producer.ts", "consumer.ts")
  .filter(({ path }) => !FOR_TESTS.test(path));

function modulesIn(place: string): Module[] {
  const modules = PROGRAM.filter(({ path }) => path.startsWith(place));
  assert(modules.length > 0, `there is no ${place} any more`);
  return modules;
}

for (const [place, others] of Object.entries(MAY_IMPORT)) {
  Deno.test(`${place} imports nothing but ${[place, ...others].join(", ")}`, () => {
    const strangers = modulesIn(place).flatMap(({ path, imports }) =>
      imports.map(({ target }) => target)
        .filter((target) => ![place, ...others].some((allowed) => target.startsWith(allowed)))
        .map((target) => `${path} imports ${target}`)
    );
    assertEquals(strangers, []);
  });
}

Deno.test("Deno is used only where the process meets the outside", () => {
  const uses = PROGRAM.flatMap(({ path, source }) => {
    const code = source.replaceAll(/^ *(\/\*\*|\*|\/\/).*$/gm, "");
    const [, allowed] = Object.entries(MAY_USE).find(([place]) => path.startsWith(place)) ?? [];
    const names = code.match(/\bDeno\.\w+/g) ?? [];
    return names.filter((name) => !allowed?.test(name)).map((name) => `${path} uses ${name}`);
  });
  assertEquals(uses, []);
});

Deno.test("the program does not import what is for tests", () => {
  const imports = PROGRAM.flatMap(({ imports }) => imports.map(({ target }) => target));
  assertEquals(imports.filter((target) => FOR_TESTS.test(target)), []);
});

Deno.test("a call that succeeds loads neither schemas, nor errors, nor what is for people", () => {
  for (const entry of ["producer.ts", "consumer.ts"]) {
    const loaded = [...loadedBy(entry)];
    assert(loaded.includes("lib/mirror/plan/attach.ts"));
    const late =
      /^(lib\/(cli\/|lint\/|observe\/|schema\/|text\/|policy\/(?!place)|input\/trusted|plugin\/policy|plugin\/failure|plugin\/database\/retry|version)|zod|@std)/;
    assertEquals(loaded.filter((target) => late.test(target)), [], entry);
  }
});

Deno.test("no modules import each other in a circle", () => {
  const places = [
    "lib",
    "exports",
    "mod.ts",
    "bench",
    "scripts",
    "tests",
    "producer.ts",
    "consumer.ts",
  ];
  const modules = readModules(...places);
  assertEquals(circlesIn(modules).map((circle) => circle.join(" → ")), []);
});

Deno.test("the picture of the architecture shows who imports whom", () => {
  const { places, arrows } = readPicture(read("docs/ARCHITECTURE.md"));
  const placeOf = (path: string) =>
    Object.entries(places).flatMap(([place, paths]) => paths.map((start) => ({ place, start })))
      .filter(({ start }) => path.startsWith(start))
      .sort((a, b) => b.start.length - a.start.length)[0]?.place;
  const imports = PROGRAM.filter(({ path }) => path !== "lib/version.ts").flatMap((module) =>
    module.imports.filter(({ target }) => target.endsWith(".ts") && target !== "lib/version.ts")
      .map(({ target }) => ({ from: placeOf(module.path), to: placeOf(target), module, target }))
  );
  const drawn = new Set(arrows.map(([from, to]) => `${from} → ${to}`));
  const made = new Set(imports.map(({ from, to }) => `${from} → ${to}`));
  assertEquals([...drawn.difference(made)], [], "drawn, but nobody imports it");
  const reachable = (from?: string): string[] =>
    arrows.filter(([start]) => start === from).flatMap(([, to]) => [to, ...reachable(to)]);
  const strangers = imports.filter(({ from, to }) =>
    !from || !to || (from !== to && !reachable(from).includes(to))
  );
  assertEquals(strangers.map(({ module, target }) => `${module.path} imports ${target}`), []);
});

Deno.test("a circle is found, however long it is", () => {
  const module = (path: string, ...targets: string[]) => ({
    path,
    source: "",
    imports: targets.map((target) => ({ target, atStart: false })),
  });
  const modules = [module("a", "b", "c"), module("b", "c"), module("c", "d"), module("d", "b")];
  assertEquals(circlesIn(modules), [["b", "c", "d", "b"]]);
  assertEquals(circlesIn(modules.slice(0, 3)), []);
});
