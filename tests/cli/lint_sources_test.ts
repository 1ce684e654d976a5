import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { parse } from "@std/yaml/parse";
import { quote } from "../../lib/input/shape.ts";
import { network, PAIR } from "../support/cli/networks.ts";
import { command } from "../support/run/command.ts";
import { ROOT } from "../support/project/documents.ts";
import { Files } from "../support/run/files.ts";
import { executable } from "../support/cni/plugin.ts";
import { run, succeed } from "../support/run/process.ts";

const SEEN_PAIR = "2 networks and 0 workloads in 1 file: 0 errors, 0 warnings\n";

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
    assert(stderr.startsWith(`ovs-mirror-producer: ${quote(path)} ${message}`), stderr);
    assert(stdout.endsWith("1 file: 0 errors, 1 warning, 1 path not read\n"), stdout);
    assertStringIncludes(stdout, "good.yaml:14: warning: ");
  }
  await Deno.writeTextFile(long, "a: [".padEnd(16 * 1024 * 1024));
  assertStringIncludes((await command(["lint", long])).stdout, ":1: error: a [ is not closed");
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
    "chart/ci/g.yaml": "a: 1\n",
    "templates/h.yaml": "a: 1\n",
  });
  await Deno.symlink(files.directory, files.path("sub/loop"));
  for (const path of [files.directory, `${files.directory}/`]) {
    assertEquals(await command(["lint", path, files.path("p.yaml")]), {
      code: 1,
      stdout: `\
${files.path("sub/deeper/d.conflist")}:1: error: no plugin is called "ovs-mirror-producr" [type]
  hint: did you mean "ovs-mirror-producer"?
3 networks and 0 workloads in 6 files: 1 error, 0 warnings
`,
      stderr: "",
    });
  }
});

Deno.test("lint: files of a directory that are about something else", async () => {
  const long = "x".repeat(16 * 1024 * 1024);
  const others: Record<string, string | Uint8Array> = {
    ".eslintrc.json": '{ "plugins": ["react"], "rules": {} }',
    "babel.config.json": '{ "plugins": [["@babel/plugin-transform-runtime", {}]] }',
    "tsconfig.json": '{\n  /* Visit https://aka.ms/tsconfig */\n  "compilerOptions": {},\n}\n',
    "package.json": '{ "name": "x", "type": "module" }',
    "schema.json": '{ "$schema": "http://json-schema.org/draft-07/schema#", "type": "object" }',
    "result.json": '{ "cniVersion": "1.0.0", "interfaces": [], "ips": [] }',
    "template.yaml": "host: {{ host }}\n",
    "template.yml": network("producer").replace('"br1"', "{{ bridge }}"),
    "widget.json": '{ "kind": "Widget", "metadata": { "name": 1, "labels": { "a": 1 } } }',
    "latin1.yaml": new Uint8Array([0x61, 0x3a, 0x20, 0xe4]),
    "long.json": `"NetworkAttachmentDefinition ${long}"`,
    "node_modules/a/b.yaml": network("producer"),
  };
  await using files = await Files.make(others);
  await Deno.symlink("nowhere", files.path("link.json"));
  assertEquals(await command(["lint", "--strict", files.directory]), {
    code: 0,
    stdout: "1 network and 0 workloads in 9 files: 0 errors, 0 warnings\n",
    stderr: "",
  });
  // Named, they are meant to be read.
  for (const name of ["tsconfig.json", "template.yaml", "template.yml"]) {
    assertEquals((await command(["lint", files.path(name)])).code, 1, name);
  }
});

Deno.test("lint: files of a directory that can't be read and name what is checked", async () => {
  const utf16 = new Uint8Array(Array.from(network("producer"), (c) => [c.charCodeAt(0), 0]).flat());
  const conf = JSON.stringify({ name: "a", type: "ovs-mirror-consumer", mirrors: [] });
  await using files = await Files.make({
    "bracket.yaml": `a: [\n# ${network("producer").replaceAll("\n", "\n# ")}`,
    "comma.conflist": conf.replace("}", ",}"),
    "mark.conflist": `\ufeff${conf}`,
    "utf16.yaml": utf16,
  });
  const { code, stdout, stderr } = await command(["lint", files.directory]);
  assertEquals(code, 2);
  assert(stderr.endsWith(`${quote(files.path("utf16.yaml"))} is not a text in UTF-8\n`), stderr);
  for (
    const [name, finding] of [
      ["bracket.yaml", "1: error: a [ is not closed [yaml]"],
      ["comma.conflist", '1: error: there is a comma before "}" [json]'],
      ["mark.conflist", "1: error: the file begins with a byte order mark [json]"],
    ] as const
  ) {
    assertStringIncludes(stdout, `${files.path(name)}:${finding}\n`);
  }
});

Deno.test("lint: the files of a directory come in the order of their names", async () => {
  const names = Array.from("hcaifbgejd", (letter) => `${letter}.json`);
  const text = '[ "ovs-mirror-consumer"';
  await using files = await Files.make(Object.fromEntries(names.map((name) => [name, text])));
  const { stdout } = await command(["lint", "--format", "json", files.directory]);
  const found = JSON.parse(stdout).findings.map(({ file }: { file: string }) => file);
  assertEquals(found, names.toSorted().map((name) => files.path(name)));
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

Deno.test("lint: a node's directory of CNI configurations, with Multus beside another network", async () => {
  const mirrors = [{ name: "m", ingress: true }];
  const producer = { type: "ovs-mirror-producer", bridge: "br1", mirrors };
  const consumer = { ...producer, type: "ovs-mirror-consumer", mirrors: [{ name: "m" }] };
  const list = (plugin: unknown, members = {}) => ({
    ...{ cniVersion: "1.1.0", name: "pods", ...members },
    plugins: [{ type: "ovs", bridge: "br1" }, plugin],
  });
  await using files = await Files.make({
    "00-multus.conf": `{ "cniVersion": "1.1.0", "name": "multus", "type": "multus" }`,
    "10-pods.conflist": JSON.stringify(list(producer)),
    "20-ids.conflist": JSON.stringify(list(consumer, { disableGC: true })),
    "99-nginx.conf": "server { listen 80; }",
  });
  const { code, stdout } = await command(["lint", files.directory]);
  assertEquals(code, 0);
  assertStringIncludes(stdout, `${files.path("10-pods.conflist")}:1: warning: `);
  assertStringIncludes(stdout, '00-multus.conf" is beside it');
  assertEquals(stdout.match(/\[gc\]/g)?.length, 1);
  assertStringIncludes(stdout, "3 networks");
});

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
