/**
 * Measures which lines of `lib/` the tests run, and fails if it is too few of them.
 *
 * The unit tests run as they are; for the tests of the executables, scripts that run the same
 * program uncompiled stand in for those. `deno coverage --threshold` came after the pinned Deno, and
 * counts no file that nothing loads.
 *
 * @module
 */

import { dirname, fromFileUrl, join } from "@std/path";
import { sourcesIn } from "./sources.ts";

/** Least share of lines, in percent. */
const LEAST = 95;

/** Tests that call the executables and do not ask how these were built. */
const WHOLE = [
  ["cni", "configuration_file consumer delete gc options remote status"],
  ["records", "again cache directory entries record sandboxes"],
  ["switch", "client in_force monitor"],
  ["cli", "attach capture command completion lint lint_sources metrics schema"],
  ["cli", "lint_policy show show_bounds show_database show_policy show_pods show_switch watch"],
  ["project", "library"],
].flatMap(([room, names]) => names!.split(" ").map((name) => `tests/${room}/${name}_test.ts`));

const root = dirname(dirname(fromFileUrl(import.meta.url)));
const work = await Deno.makeTempDir({ prefix: "ovs-mirror-coverage-" });
try {
  const [unit, whole] = [join(work, "unit"), join(work, "whole")];
  await deno(["test", "--quiet", `--coverage=${unit}`, "lib", "tests/model"]);
  await standIn(whole);
  await deno(["test", "--quiet", "--allow-all", "--parallel", ...WHOLE], {
    OVS_MIRROR_DIST: work,
    // For the programs that use the library.
    DENO_COVERAGE_DIR: whole,
  });
  const lcov = await deno(["coverage", "--lcov", `--include=${root}/lib/`, unit, whole]);
  report(await covered(lcov));
} finally {
  await Deno.remove(work, { recursive: true });
}

/** Puts scripts where the executables would be. */
async function standIn(coverage: string): Promise<void> {
  const directory = Deno.env.get("DENO_DIR") ?? join(Deno.env.get("HOME") ?? "/", ".cache/deno");
  for (const role of ["producer", "consumer"]) {
    const run =
      `run --quiet --no-prompt --allow-all --unstable-net --coverage=${coverage} --config deno.json`;
    const script = `#!/bin/sh\nDENO_DIR='${directory}' exec '${Deno.execPath()}' ${run}`
      .replace("deno.json", `'${root}/deno.json'`);
    const path = join(work, `ovs-mirror-${role}`);
    await Deno.writeTextFile(path, `${script} '${root}/${role}.ts' "$@"\n`, { mode: 0o755 });
  }
}

/** Lines that ran and lines that there are, by file. A file that nothing loaded counts as well. */
async function covered(lcov: string): Promise<Map<string, [ran: number, all: number]>> {
  const files = new Map<string, [number, number]>();
  for (const record of lcov.split("end_of_record")) {
    const path = /^SF:(.*)$/m.exec(record)?.[1];
    if (!path || isForTests(path)) continue;
    const hits = Array.from(record.matchAll(/^DA:\d+,(\d+)/gm), ([, count]) => Number(count));
    files.set(path, [hits.filter((count) => count > 0).length, hits.length]);
  }
  for await (const path of sourcesIn(join(root, "lib"))) {
    if (files.has(path)) continue;
    const source = await Deno.readTextFile(path);
    // Types alone leave nothing that could run.
    if (/^(export )?(async )?(function|class|const) /m.test(source)) {
      files.set(path, [0, source.split("\n").length]);
    }
  }
  return files;
}

function report(files: Map<string, [number, number]>): void {
  const share = ([ran, all]: [number, number]) => all === 0 ? 100 : 100 * ran / all;
  const sum = [...files.values()].reduce(([a, b], [ran, all]) => [a + ran, b + all], [0, 0]);
  for (const [path, counts] of files) {
    if (share(counts) < 90) console.log(`${share(counts).toFixed(1)} % of ${path}`);
  }
  const total = share(sum);
  console.log(`${total.toFixed(1)} % of the lines of lib/ were run; ${LEAST} are needed`);
  if (total < LEAST) Deno.exitCode = 1;
}

function isForTests(path: string): boolean {
  return /_test\.ts$/.test(path);
}

async function deno(args: string[], env: Record<string, string> = {}): Promise<string> {
  const command = new Deno.Command(Deno.execPath(), {
    args,
    cwd: root,
    env: { NO_COLOR: "1", ...env },
    stdin: "null",
    stderr: "inherit",
  });
  const { success, stdout } = await command.output();
  const text = new TextDecoder().decode(stdout);
  if (!success) throw new Error(`deno ${args[0]} failed:\n${text}`);
  return text;
}
