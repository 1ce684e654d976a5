import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { parse } from "@std/yaml/parse";
import { command } from "./support/command.ts";
import { ROOT } from "./support/documents.ts";
import { Files } from "./support/files.ts";
import { executable } from "./support/plugin.ts";
import { run, succeed } from "./support/process.ts";

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

/** A network that feeds or consumes mirror `m`, and has the given members besides. */
function network(role: "producer" | "consumer", members = ""): string {
  return `apiVersion: k8s.cni.cncf.io/v1
kind: NetworkAttachmentDefinition
metadata:
  name: ${role}
spec:
  config: |-
    {
      "cniVersion": "1.0.0",
      "plugins": [
        { "type": "ovs", "bridge": "br1" },
        {
          "type": "ovs-mirror-${role}",
          "bridge": "br1",${members}
          "mirrors": [{ "name": "m"${role === "producer" ? ', "ingress": true' : ""} }]
        }
      ]
    }
`;
}

const PAIR = `${network("producer")}---\n${network("consumer")}`;

for (const role of ["producer", "consumer"] as const) {
  Deno.test(`${role} lint: the examples are clean, each and all together`, async () => {
    assertEquals(EXAMPLES.length, 6);
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

Deno.test("lint: standard input", async () => {
  for (const text of [PAIR, PAIR.replaceAll("\n", "\r\n"), `\ufeff${PAIR}`]) {
    const { code, stdout } = await command(["lint", "--strict", "-"], { stdin: text });
    assertEquals([code, stdout], [
      0,
      "2 networks and 0 workloads in 1 file: 0 errors, 0 warnings\n",
    ]);
  }
  const { code, stdout } = await command(["lint", "-"], { stdin: '{ "plugins": [\n }' });
  assertEquals(code, 1);
  assertStringIncludes(stdout, "-:2: error: ");
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

Deno.test("lint: a file that can't be read is named, and the others are checked", async () => {
  await using files = await Files.make({
    "good.yaml": network("producer"),
    "binary.yaml": new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 3]),
    "latin1.yaml": new Uint8Array([0x61, 0x3a, 0x20, 0xe4]),
  });
  const long = files.path("long.yaml");
  await Deno.writeTextFile(long, "");
  await Deno.truncate(long, 16 * 1024 * 1024 + 1);
  await succeed("mkfifo", files.path("fifo"));
  const unreadable: [path: string, message: string][] = [
    [files.path("missing.yaml"), "cannot be read: NotFound"],
    [files.path("fifo"), "is not a regular file"],
    ["/dev/zero", "is not a regular file"],
    ["/proc/self/mem", "cannot be read: "],
    [files.path("binary.yaml"), "is not a text in UTF-8"],
    [files.path("latin1.yaml"), "is not a text in UTF-8"],
    [long, "is longer than 16777216 bytes"],
    ["", "cannot be read: "],
  ];
  for (const [path, message] of unreadable) {
    const { code, stdout, stderr } = await command(["lint", path, files.path("good.yaml")]);
    assertEquals([code, stderr.split("\n").length], [2, 2], stderr);
    assertStringIncludes(stderr, `lint: ${JSON.stringify(path)} ${message}`);
    assertStringIncludes(stdout, "good.yaml:14: warning: ");
  }
});

Deno.test("lint: a directory", async () => {
  await using files = await Files.make({
    "p.yaml": network("producer"),
    "sub/c.yml": network("consumer"),
    "sub/deeper/d.conflist": JSON.stringify({ plugins: [{ type: "ovs-mirror-producr" }] }),
    "sub/notes.txt": "a: [",
    ".git/e.yaml": "a: [",
    "chart/Chart.yaml": "name: x\n",
    "chart/templates/f.yaml": "{{- if }}",
  });
  await Deno.symlink(files.directory, files.path("sub/loop"));
  for (const path of [files.directory, `${files.directory}/`]) {
    assertEquals(await command(["lint", path, files.path("p.yaml")]), {
      code: 1,
      stdout: `\
${files.path("sub/deeper/d.conflist")}:1: error: no plugin is called "ovs-mirror-producr" [type]
  hint: did you mean "ovs-mirror-producer"?
3 networks and 0 workloads in 4 files: 1 error, 0 warnings
`,
      stderr: "",
    });
  }
});

Deno.test("lint: several files that a shell makes of other programs' output", async () => {
  await using files = await Files.make({ "p.yaml": network("producer"), "c.yaml": PAIR });
  const script = '"$0" lint --strict <(cat "$1") <(sed -n "/^---/,\\$p" "$2")';
  const paths = ["p.yaml", "c.yaml"].map((name) => files.path(name));
  const args = ["-c", script, executable("producer"), ...paths];
  assertEquals((await run("bash", { args })).stdout, SEEN_PAIR.replace("1 file", "2 files"));
  for (const name of ["/proc/self/fd/7", "/dev/fd/7", "/dev/fd/0", "/dev/stdin"]) {
    const redirected = `exec "$0" lint --strict ${name} 7< <(cat "$1") <"$1"`;
    const { stdout } = await run("bash", { args: ["-c", redirected, args[2]!, paths[1]!] });
    assertEquals(stdout, SEEN_PAIR, name);
  }
});

const SEEN_PAIR = "2 networks and 0 workloads in 1 file: 0 errors, 0 warnings\n";

Deno.test("lint: the hook for pre-commit checks what git has", async () => {
  const [{ entry, args, files: pattern }] = parse(
    await Deno.readTextFile(`${ROOT}.pre-commit-hooks.yaml`),
  ) as [{ entry: string; args: string[]; files: string }];
  await using files = await Files.make({ "p.yaml": network("producer") });
  const [program, ...words] = [...entry.split(" "), ...args];
  assertEquals(program, "ovs-mirror-producer");
  const { code, stdout } = await run(executable("producer"), { args: words, cwd: files.directory });
  assertEquals(code, 0);
  assertStringIncludes(stdout, "./p.yaml:14: warning: ");
  const names = ["a.yaml", "b.yml", "c.json", "d.conflist", "e.md"];
  assertEquals(names.filter((name) => new RegExp(pattern).test(name)), names.slice(0, 4));
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
