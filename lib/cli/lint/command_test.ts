import { assertRejects } from "@std/assert";
import { CommandError } from "../errors.ts";
import { recordingTerminal } from "../../../tests/support/cli/commands.ts";
import { run } from "./command.ts";

const MISUSES: [args: string[], message: string][] = [
  [[], "name the files to check, - for standard input"],
  [["--strict"], "name the files to check"],
  [["--format", "xml", "a.yaml"], 'there is no format "xml"'],
  [["--stric", "a.yaml"], "did you mean --strict?"],
];

for (const [args, message] of MISUSES) {
  Deno.test(`lint ${args.join(" ")} is invalid usage`, async () => {
    const running = Promise.resolve().then(() => run(args, recordingTerminal()));
    await assertRejects(() => running, CommandError, message);
  });
}
