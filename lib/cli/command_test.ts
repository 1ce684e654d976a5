import { assertEquals, assertMatch } from "@std/assert";
import { consumer, producer } from "../mirror/role.ts";
import { VERSION } from "../version.ts";
import { runCommand } from "./command.ts";
import { COMMANDS } from "./catalog.ts";
import { parseOptions } from "./options.ts";
import { recordingTerminal } from "../../tests/support/cli/commands.ts";

async function call(...args: string[]) {
  const terminal = recordingTerminal();
  const status = await runCommand(producer, args, terminal);
  const { output, errors } = terminal;
  return { status, output, errors };
}

Deno.test("runCommand() prints the version", async () => {
  for (const word of ["--version", "-V"]) {
    assertEquals(await call(word), {
      status: 0,
      output: `ovs-mirror-producer ${VERSION}\n`,
      errors: "",
    });
  }
});

Deno.test("runCommand() explains the program and all commands", async () => {
  const { output } = await call("--help");
  for (const args of [["-h"], ["help"], ["--help", "--version"]]) {
    assertEquals(await call(...args), { status: 0, output, errors: "" });
  }
  for (const name of Object.keys(COMMANDS)) assertMatch(output, new RegExp(`^  ${name} `, "m"));
});

Deno.test("runCommand() explains the program to whoever asks for nothing, but not as success", async () => {
  const { output } = await call("--help");
  assertEquals(await call(), { status: 2, output, errors: "" });
});

Deno.test("runCommand() explains each command with all its options", async () => {
  for (const [name, { options }] of Object.entries(COMMANDS)) {
    const explained = await call("help", name);
    assertEquals([explained.status, explained.errors], [0, ""]);
    assertMatch(explained.output, new RegExp(`^usage: ovs-mirror-producer ${name}`));
    for (const option of options) assertMatch(explained.output, new RegExp(`--${option.name}\\b`));
    assertMatch(explained.output, /^Documentation: /m);
    assertEquals(await call(name, "--help"), explained);
    assertEquals(await call(name, "-h"), explained);
  }
});

Deno.test("runCommand() gives examples of each command, whose options there are", () => {
  for (const [name, { examples, options }] of Object.entries(COMMANDS)) {
    assertEquals(examples.length, 2, name);
    for (const [line] of examples) {
      const [command, ...args] = line.replace(/ [>|].*/, "").split(" ");
      assertEquals(command, name);
      parseOptions(args, options);
    }
  }
});

Deno.test("runCommand() speaks of the executable that was called", async () => {
  const terminal = recordingTerminal();
  await runCommand(consumer, ["--help"], terminal);
  assertMatch(terminal.output, /^ovs-mirror-consumer .* the output of/);
});

const MISUSE: [args: string[], message: string][] = [
  [["shwo"], 'there is no command "shwo"; did you mean show?'],
  [["help", "shema"], 'there is no command "shema"; did you mean schema?'],
  [["--verison"], 'there is no option "--verison"; did you mean --version?'],
  [["show", "--brigde"], 'there is no option "--brigde"; did you mean --bridge?'],
  [["schema"], "the schema is missing: producer, consumer or policy"],
  [["completion", "tcsh"], 'there is no shell "tcsh"; use bash, zsh or fish'],
  [["list"], 'there is no command "list"; did you mean show?'],
  [["validate"], 'there is no command "validate"; did you mean lint?'],
  [["show", "-o", "json"], 'there is no option "-o"; did you mean --format?'],
  [["show", "--json"], 'there is no option "--json"; did you mean --format json?'],
  [["show\u202e"], 'there is no command "show\\u202e"'],
  [["show\x1b[2J"], 'there is no command "show\\u001b[2J"'],
];

for (const [args, message] of MISUSE) {
  Deno.test(`runCommand() refuses ${JSON.stringify(args)} in one line`, async () => {
    const { status, output, errors } = await call(...args);
    assertEquals([status, output], [2, ""]);
    assertMatch(errors, /^ovs-mirror-producer: [^\n]*\n$/);
    assertEquals(errors.includes(message), true, errors);
  });
}

Deno.test("runCommand() ends quietly once nobody reads any more", async () => {
  const terminal = recordingTerminal({
    write() {
      throw new Deno.errors.BrokenPipe();
    },
  });
  assertEquals([await runCommand(producer, ["--help"], terminal), terminal.errors], [0, ""]);
});

Deno.test("runCommand() has one line for a defect too, without what the error says", async () => {
  const terminal = recordingTerminal({
    write() {
      throw new RangeError("secret");
    },
  });
  assertEquals(await runCommand(producer, ["--help"], terminal), 3);
  assertMatch(terminal.errors, /^ovs-mirror-producer: failed unexpectedly \(RangeError\).*\n$/);
});
