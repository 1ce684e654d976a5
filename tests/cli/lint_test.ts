import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { network, PAIR } from "../support/cli/networks.ts";
import { command } from "../support/run/command.ts";
import { ROOT } from "../support/project/documents.ts";
import { Files } from "../support/run/files.ts";
import { executable } from "../support/cni/plugin.ts";
import { run } from "../support/run/process.ts";

const SPECIFICATION = `${ROOT}tests/fixtures/specification`;

const EXAMPLES = Array.from(Deno.readDirSync(`${ROOT}examples`), ({ name }) => name)
  .filter((name) => name.endsWith(".yaml")).map((name) => `${ROOT}examples/${name}`).sort();

/** Findings of a file, as `LINE LEVEL RULE`. */
async function findings(path: string): Promise<[code: number, findings: string[]]> {
  const { code, stdout, stderr } = await command(["lint", "--format", "json", path]);
  assertEquals(stderr, "");
  const found = JSON.parse(stdout).findings as Record<string, string | number>[];
  return [code, found.map(({ line, level, rule }) => `${line} ${level} ${rule}`)];
}

for (const role of ["producer", "consumer"] as const) {
  Deno.test(`${role} lint: the examples are clean, each and all together`, async () => {
    assertEquals(EXAMPLES.length, 8);
    for (const files of [...EXAMPLES.map((path) => [path]), EXAMPLES]) {
      const { code, stdout, stderr } = await command(["lint", "--strict", ...files], { role });
      assertEquals([code, stderr], [0, ""]);
      assertMatch(
        stdout,
        /^\d+ networks? and \d+ workloads? in \d files?: 0 errors, 0 warnings\n$/,
      );
    }
  });
}

Deno.test("lint: the specification's own YAML, with its slips", async () => {
  assertEquals(await findings(`${SPECIFICATION}/test_case_1.yaml`), [0, [
    "26 warning no-consumer",
    "76 warning two-consumers",
  ]]);
  assertEquals(await findings(`${SPECIFICATION}/test_case_2.yaml`), [1, [
    "174 error undefined-network",
    "196 warning two-consumers",
    "196 warning node",
    "218 warning two-consumers",
    "218 warning node",
  ]]);
  assertEquals(await findings(`${SPECIFICATION}/test_case_3.yaml`), [0, [
    "175 warning two-consumers",
    "175 warning node",
    "180 warning two-consumers",
    "180 warning node",
  ]]);
});

Deno.test("lint: people get file, line, what is wrong and what to do", async () => {
  await using files = await Files.make({
    "a.yaml": network("producer", '\n          "socketfile": "/run/db.sock",'),
  });
  const path = files.path("a.yaml");
  assertEquals(await command(["lint", path]), {
    code: 1,
    stdout: `\
${path}:14: error: ovs-mirror-producer has no member "socketfile" [field]
  hint: did you mean "socket_file"?
${path}:15: warning: nobody here consumes mirror "m" [no-consumer]
  hint: add a network that consumes it
1 network and 0 workloads in 1 file: 1 error, 1 warning
`,
    stderr: "",
  });
});

Deno.test("lint: programs get the same as JSON", async () => {
  await using files = await Files.make({ "a.yaml": network("producer") });
  const { code, stdout } = await command(["lint", "--format", "json", files.path("a.yaml")]);
  assertEquals([code, JSON.parse(stdout)], [0, {
    files: 1,
    networks: 1,
    workloads: 0,
    unread: 0,
    errors: 0,
    warnings: 1,
    findings: [{
      file: files.path("a.yaml"),
      line: 14,
      level: "warning",
      message: 'nobody here consumes mirror "m"',
      hint: "add a network that consumes it",
      rule: "no-consumer",
    }],
  }]);
});

Deno.test("lint: warnings fail only if told to", async () => {
  await using files = await Files.make({ "a.yaml": network("producer"), "b.yaml": PAIR });
  const statuses: [args: string[], code: number][] = [
    [["a.yaml"], 0],
    [["--strict", "a.yaml"], 1],
    [["--strict", "b.yaml"], 0],
  ];
  for (const [args, code] of statuses) {
    const paths = args.map((word) => word.startsWith("-") ? word : files.path(word));
    assertEquals((await command(["lint", ...paths])).code, code);
  }
});

Deno.test("lint: what one file refers to may be in another", async () => {
  await using files = await Files.make({
    "p.yaml": network("producer"),
    "c.conflist": JSON.stringify({
      cniVersion: "1.0.0",
      name: "consumer",
      plugins: [
        { type: "ovs", bridge: "br1" },
        { type: "ovs-mirror-consumer", bridge: "br1", mirrors: [{ name: "m" }] },
      ],
    }),
  });
  const paths = ["p.yaml", "c.conflist"].map((name) => files.path(name));
  assertEquals((await command(["lint", "--strict", ...paths])).code, 0);
  for (const path of paths) assertEquals((await command(["lint", "--strict", path])).code, 1);
});

Deno.test("lint: faults of the syntax are at their true lines", async () => {
  await using files = await Files.make({
    "comma.yaml": PAIR.replace('"bridge": "br1",\n', '"bridge": "br1"\n'),
    "tab.yaml": PAIR.replace('      "plugins"', '\t"plugins"'),
    "bracket.yaml": "a: [\n---\n" + PAIR,
    "conf.json": '{\n  "name": "a",\n  "type": "ovs",\n}\n',
  });
  const expected: [name: string, ...findings: string[]][] = [
    ["comma.yaml", "13 error json", "32 warning no-producer"],
    ["tab.yaml", "9 error yaml", "32 warning no-producer"],
    ["bracket.yaml", "1 error yaml"],
    ["conf.json", "3 error json"],
  ];
  for (const [name, ...found] of expected) {
    assertEquals(await findings(files.path(name)), [1, found], name);
  }
});

Deno.test("lint: a document that grows by its aliases is refused at once", async () => {
  const levels = Array.from(
    { length: 30 },
    (_, n) => `a${n + 1}: &a${n + 1} [${Array(10).fill(`*a${n}`).join(", ")}]\n`,
  );
  const { code, stdout } = await command(["lint", "-"], {
    stdin: `a0: &a0 x\n${levels.join("")}---\n${PAIR}`,
  });
  assertEquals(code, 1);
  assertMatch(stdout, /^-:\d+: error: the document holds more than .*\n.*\n2 networks /);
});

Deno.test("lint: a thousand documents", async () => {
  const pair = (index: number) => PAIR.replaceAll("name: ", `name: n${index}-`);
  const text = Array.from({ length: 500 }, (_, index) => pair(index)).join("---\n");
  const { code, stdout } = await command(["lint", "-"], { stdin: text });
  assertEquals(code, 0);
  assertStringIncludes(stdout, "1000 networks and 0 workloads in 1 file: 0 errors, 1 warning\n");
});

Deno.test("lint: a closed pipe ends it quietly", async () => {
  const faults = Array.from({ length: 5000 }, (_, index) => `a${index}: [\n`).join("---\n");
  await using files = await Files.make({ "a.yaml": faults });
  const script = '{ "$0" lint "$1"; echo "status $?" >&2; } | head -n 1';
  const args = ["-c", script, executable("producer"), files.path("a.yaml")];
  const { code, stdout, stderr } = await run("sh", { args });
  assertEquals([code, stderr], [0, "status 0\n"]);
  assertStringIncludes(stdout, "a.yaml:1: error: ");
});
