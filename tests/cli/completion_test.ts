import { assertEquals } from "@std/assert";
import { command } from "../support/run/command.ts";
import { Host } from "../support/cni/host.ts";
import { lacks } from "../support/run/lacks.ts";
import { executable } from "../support/cni/plugin.ts";
import { run } from "../support/run/process.ts";

/** The words before the cursor, and what a shell has to offer for the last of them. */
const LINES: [words: string[], offered: string[]][] = [
  [["sh"], ["show"]],
  [["--v"], ["--version"]],
  [["help", "com"], ["completion"]],
  [["show", "--form"], ["--format"]],
  [["show", "--format", ""], ["dot", "json", "mermaid", "prometheus", "table"]],
  [["lint", "--st"], ["--strict"]],
  [["schema", "p"], ["policy", "producer"]],
  [["completion", ""], ["bash", "fish", "zsh"]],
  [["completion", "--h"], ["--help"]],
];

/** In bash, an equals sign is a word of its own. */
const BASH_LINES: typeof LINES = [
  [["show", "--format", "=", "j"], ["json"]],
  [["show", "--format", "="], ["dot", "json", "mermaid", "prometheus", "table"]],
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

/** A host whose switch has mirrors, one of a name that shells would take for a command. */
async function startHost(): Promise<Host> {
  const host = await Host.start("br-int", "br-ext");
  for (const name of ["unlike-any", "m1", "$(touch pwned)", "a b"]) {
    await host.db.addMirror("br-int", { name });
  }
  return host;
}

for (const [shell, script] of Object.entries(SHELLS)) {
  Deno.test({
    name: `${shell} completes names that the switch has`,
    ignore: lacks({ [shell]: shell }),
    async fn() {
      await using host = await startHost();
      const program = executable("producer");
      // Fish knows programs by their last name.
      const lines: [words: string[], offered: string[]][] = [
        [["--mirror", "un"], ["unlike-any"]],
        [["--mirror", ""], ["m1", "unlike-any"]],
        [["--mirror", "m1", "--bridge", "br-"], ["br-ext", "br-int"]],
      ];
      await withScript(shell, async (path) => {
        for (const [words, offered] of lines) {
          const args = ["-c", script, ...shell === "bash" ? ["bash"] : [], path, program, "show"];
          const { stdout, stderr } = await run(shell, {
            args: [...args, "--socket", host.db.socket, ...words],
          });
          assertEquals([stdout.split("\n").filter((line) => line).sort(), stderr], [offered, ""]);
        }
      });
    },
  });
}

/** Types on a terminal of zsh, whose fpath has the script, and prints what the line became. */
const ZSH = `
  zmodload zsh/zpty
  zpty -b shell zsh -f -i
  zpty -w shell "stty cols 1000; PS1=; fpath=($1 \\$fpath); autoload -Uz compinit; compinit -u -D; print RE''ADY"
  zpty -r shell seen '*READY*'
  zpty -w -n shell "$2"$'\\t'
  zpty -r shell seen "*$3*" && print completed
  zpty -d shell
`;

Deno.test({
  name: "zsh completes by the script in a directory of fpath, names of the switch too",
  ignore: lacks({ zsh: "zsh" }),
  async fn() {
    await using host = await startHost();
    const directory = `${host.db.directory}/fpath`;
    await Deno.mkdir(directory);
    const { stdout } = await command(["completion", "zsh"]);
    await Deno.writeTextFile(`${directory}/_ovs_mirror`, stdout);
    const program = executable("producer");
    const cases = [
      [`${program} sho`, "show"],
      [`${program} show --socket ${host.db.socket} --mirror unlike`, "unlike-any"],
      [`${program} show --socket ${host.db.socket} --bridge br-e`, "br-ext"],
      [`${program} lint ${directory}/_ovs`, "fpath/_ovs_mirror"],
      [`${program} show --socket ${host.db.directory}/fpa`, "fpath"],
    ];
    for (const [typed, completed] of cases) {
      const args = ["30", "zsh", "-fc", ZSH, "zsh", directory, typed!, completed!];
      assertEquals(await run("timeout", { args }), { code: 0, stdout: "completed\n", stderr: "" });
    }
  },
});

Deno.test("completion values is quiet without a switch", async () => {
  const words = ["show", "--socket", "/nowhere/db.sock", "--mirror"];
  for (const option of ["mirror", "bridge", "pod", "nothing"]) {
    assertEquals(await command(["completion", "values", option, ...words]), {
      code: 0,
      stdout: "",
      stderr: "",
    });
  }
});
