import { assertEquals, assertStringIncludes } from "@std/assert";
import { parse } from "@std/yaml/parse";
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

Deno.test("lint: the files of a directory come in the order of their names", async () => {
  const names = Array.from("hcaifbgejd", (letter) => `${letter}.json`);
  await using files = await Files.make(Object.fromEntries(names.map((name) => [name, "["])));
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
