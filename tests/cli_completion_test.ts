import { assertEquals } from "@std/assert";
import { command } from "./support/command.ts";
import { lacks } from "./support/lacks.ts";
import { run } from "./support/process.ts";

/** The words before the cursor, and what a shell has to offer for the last of them. */
const LINES: [words: string[], offered: string[]][] = [
  [["sh"], ["show"]],
  [["--v"], ["--version"]],
  [["help", "com"], ["completion"]],
  [["show", "--form"], ["--format"]],
  [["show", "--format", ""], ["dot", "json", "mermaid", "table"]],
  [["lint", "--st"], ["--strict"]],
  [["schema", "p"], ["producer"]],
  [["completion", ""], ["bash", "fish", "zsh"]],
  [["completion", "--h"], ["--help"]],
];

/** In bash, an equals sign is a word of its own. */
const BASH_LINES: typeof LINES = [
  [["show", "--format", "=", "j"], ["json"]],
  [["show", "--format", "="], ["dot", "json", "mermaid", "table"]],
];

/** Scripts for each shell that print, line by line, what it offers. */
const SHELLS = {
  bash: `
    source "$1"; shift
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
    _ovs_mirror
    printf '%s\\n' "\${COMPREPLY[@]}"`,
  fish: `
    source $argv[1]
    complete --do-complete "$argv[2..]" | string split --fields 1 \\t`,
};

async function withScript(shell: string, use: (path: string) => Promise<void>): Promise<void> {
  const path = await Deno.makeTempFile();
  try {
    const { code, stdout, stderr } = await command(["completion", shell]);
    assertEquals([code, stderr], [0, ""]);
    await Deno.writeTextFile(path, stdout);
    await use(path);
  } finally {
    await Deno.remove(path);
  }
}

for (const [shell, script] of Object.entries(SHELLS)) {
  Deno.test({
    name: `${shell} completes command lines`,
    ignore: lacks({ [shell]: shell }),
    async fn() {
      await withScript(shell, async (path) => {
        for (const [words, offered] of shell === "bash" ? [...LINES, ...BASH_LINES] : LINES) {
          // The word after a script is $0 in bash, and an argument in fish.
          const args = ["-c", script, ...shell === "bash" ? ["bash"] : [], path];
          const { stdout, stderr } = await run(shell, {
            args: [...args, "ovs-mirror-producer", ...words],
          });
          assertEquals([stdout.split("\n").filter((line) => line).sort(), stderr], [offered, ""]);
        }
      });
    },
  });
}

Deno.test({
  name: "zsh takes the script for both executables",
  ignore: lacks({ zsh: "zsh" }),
  async fn() {
    await withScript("zsh", async (path) => {
      const script = "autoload -Uz compinit; compinit -u -D; source $1; " +
        "print $_comps[ovs-mirror-producer] $_comps[ovs-mirror-consumer] $+functions[_ovs_mirror]";
      assertEquals(await run("zsh", { args: ["-fc", script, "zsh", path] }), {
        code: 0,
        stdout: "_ovs_mirror _ovs_mirror 1\n",
        stderr: "",
      });
    });
  },
});
