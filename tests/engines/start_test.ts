import { assert, assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { codes, read, rows, section } from "../support/project/documents.ts";
import { lacksSwitch } from "../support/run/lacks_switch.ts";
import { executable } from "../support/cni/plugin.ts";
import { lacks } from "../support/run/lacks.ts";
import { run } from "../support/run/process.ts";

const DENY = fromFileUrl(new URL("../support/run/deny.ts", import.meta.url));

/** Root of namespaces of its own, where a directory can be taken away. */
const OWN = ["unshare", "--user", "--map-root-user", "--mount", "--pid", "--fork"];

/** Runs a script of the shell, which runs the program. */
const shell = (script: string) => ["sh", "-c", `${script}; exec "$0"`];

const denied = (what: string) => [Deno.execPath(), "run", "--no-config", "--allow-ffi", DENY, what];

/** Runs a changed copy of the program. */
const changed = (change: string) => [
  "sh",
  "-c",
  `copy=$(mktemp) && cp "$0" $copy && chmod 755 $copy && ${change} $copy; $copy; code=$?; rm $copy; exit $code`,
];

/** Lets root read no more than what its rights say, as with no capability in a container. */
const PLAIN = Deno.uid() === 0 ? ["setpriv", "--inh-caps=-all", "--bounding-set=-all"] : [];

/** What the document says is missing, to a command that runs a program without it. */
const WITHOUT: Record<string, readonly string[]> = {
  "no `/proc`": [...OWN, ...shell("mount -t tmpfs tmpfs /proc")],
  "`ulimit -v`, `LimitAS=`": ["prlimit", `--as=${32 * 2 ** 30}`],
  "seccomp: `clone3`": denied("clone3"),
  "seccomp: `madvise`": denied("madvise"),
  "seccomp: `eventfd2`": denied("eventfd2"),
  "`MemoryDenyWriteExecute=`": denied("writable-code"),
  "`ulimit -n`, `LimitNOFILE=`": ["prlimit", "--nofile=8"],
  "`strip`, UPX": changed("strip"),
  "a file that may be run and not read": [...PLAIN, ...changed("chmod 111")],
  "a deleted directory": shell("gone=$(mktemp -d) && cd $gone && rmdir $gone"),
};

const forbidden = await lacksSwitch();
const unstripped = lacks({ strip: "binutils" });

const documented = rows(section(read("docs/OPERATIONS.md"), "Where the executables can't start"));

Deno.test("the document lists each surrounding that was tried", () => {
  assertEquals(documented.map(([where]) => where!), Object.keys(WITHOUT));
});

for (const [where, message] of documented) {
  const through = WITHOUT[where!]!;
  const name = `a call ends with the documented message: ${where}`;
  const ignore = through[0] === OWN[0] && forbidden || where!.includes("strip") && unstripped;
  Deno.test({ name, ignore }, async () => {
    const { code, stdout, stderr } = await call(through);
    assertNotEquals(code, 0);
    assert(!stdout.startsWith("{"), stdout);
    for (const text of codes(message!)) assertStringIncludes(stdout + stderr, text);
  });
}

/** Asks for the version, through a command that runs a program. */
async function call(through: readonly string[]) {
  const [program, ...args] = [...through, executable("producer")];
  const env = { PATH: Deno.env.get("PATH")!, CNI_COMMAND: "VERSION", NO_COLOR: "1" };
  return await run(program!, { args, env, clearEnv: true });
}
