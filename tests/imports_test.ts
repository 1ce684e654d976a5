import { assert, assertEquals } from "@std/assert";
import { loadedBy, type Module, readModules } from "./support/imports.ts";

/** What modules may import besides those of the same place. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  "lib/shape.ts": [],
  "lib/version.ts": [],
  "lib/files.ts": [],
  "lib/json_file.ts": ["lib/files.ts"],
  "lib/ovsdb/": [],
  "lib/cni/": ["lib/shape.ts", "lib/explain.ts"],
  "lib/mirror/": ["lib/shape.ts", "lib/ovsdb/"],
  "lib/attachments/": ["lib/shape.ts", "lib/files.ts"],
  "lib/explain.ts": ["lib/shape.ts", "lib/cni/", "lib/mirror/", "zod/mini"],
  "lib/session.ts": ["lib/mirror/", "lib/ovsdb/", "lib/retry.ts"],
  "lib/retry.ts": ["lib/mirror/", "lib/ovsdb/", "lib/session.ts"],
};

/** Who may use what of Deno; all others may not even name it. */
const MAY_USE: Readonly<Record<string, RegExp>> = {
  "lib/main.ts": /^Deno\.(env|args|stdin|stdout|stderr|exit)$/,
  "lib/cli/": /^Deno\./,
  "lib/files.ts": /^Deno\.(errors|statSync|lstatSync|FileInfo)$/,
  "lib/json_file.ts": /^Deno\.open$/,
  "lib/configuration.ts": /^Deno\.statSync$/,
  "lib/attachments/store.ts": /^Deno\.(errors|FileInfo|[a-zA-Z]+Sync)$/,
  "lib/ovsdb/client.ts": /^Deno\.(connect|Conn|ConnectOptions|errors)$/,
  "lib/failure.ts": /^Deno\.errors$/,
};

/** What tests are made of. */
const FOR_TESTS = /^(fast-check$|@std\/assert$|tests\/)|\btesting(\/|\.ts$)|_test\.ts$/;

/** All modules but those for tests. */
const PROGRAM = readModules("lib", "mod.ts", "producer.ts", "consumer.ts")
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
    assert(loaded.includes("lib/mirror/attach.ts"));
    const late = /^(lib\/(cli\/|explain|failure|retry|version)|zod|@std)/;
    assertEquals(loaded.filter((target) => late.test(target)), [], entry);
  }
});
