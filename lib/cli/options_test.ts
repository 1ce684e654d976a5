import { assertEquals, assertThrows } from "@std/assert";
import { CommandError } from "./errors.ts";
import { type Option, parseOperand, parseOptions } from "./options.ts";

const KNOWN: readonly Option[] = [
  { name: "bridge", value: "NAME", text: "" },
  { name: "format", value: "FORMAT", choices: ["table", "json"], text: "" },
  { name: "watch", letter: "w", text: "" },
  { name: "mirror", value: "NAME", repeatable: true, text: "" },
  { name: "socket", value: "ADDRESS", otherNames: ["--db", "-S"], text: "" },
];

Deno.test("parseOptions() takes values after a space or an equals sign", () => {
  const { options, operands } = parseOptions(["--bridge", "br1", "a", "--format=json", "7"], KNOWN);
  assertEquals([...options], [["bridge", "br1"], ["format", "json"]]);
  assertEquals(operands, ["a", "7"]);
});

Deno.test("parseOptions() knows flags by name and by letter", () => {
  for (const word of ["--watch", "-w"]) {
    assertEquals([...parseOptions([word, "a"], KNOWN).options.keys()], ["watch"]);
  }
});

Deno.test("parseOptions() takes all words after -- for operands", () => {
  assertEquals(parseOptions(["--", "--bridge", "-x"], KNOWN).operands, ["--bridge", "-x"]);
});

Deno.test("parseOptions() keeps all values of an option that may be repeated", () => {
  const { options, lists } = parseOptions(["--mirror", "a", "--mirror=b"], KNOWN);
  assertEquals([[...options], [...lists]], [[], [["mirror", ["a", "b"]]]]);
});

const ERRORS: [args: string[], message: string][] = [
  [["--brigde", "br1"], 'there is no option "--brigde"; did you mean --bridge?'],
  [["--formatt=json"], 'there is no option "--formatt"; did you mean --format?'],
  [["-x"], 'there is no option "-x"'],
  [["--__proto__=1"], 'there is no option "--__proto__"'],
  [["--no-watch"], 'there is no option "--no-watch"'],
  [["--bridge"], "option --bridge needs a value, NAME"],
  [["--bridge", "--watch"], "option --bridge needs a value, NAME"],
  [["--bridge="], "option --bridge needs a value, NAME"],
  [["--bridge", "a", "--bridge", "b"], "option --bridge can be given only once"],
  [["--json"], 'there is no option "--json"; did you mean --format json?'],
  [["--db", "x"], 'there is no option "--db"; did you mean --socket?'],
  [["-S", "x"], 'there is no option "-S"; did you mean --socket?'],
  [["--format", "jsn"], 'there is no format "jsn"; did you mean json?'],
  [["--format", "yes please"], 'there is no format "yes please"; use table or json'],
];

for (const [args, message] of ERRORS) {
  Deno.test(`parseOptions() refuses ${args.join(" ")}`, () => {
    const error = assertThrows(() => parseOptions(args, KNOWN), CommandError);
    assertEquals([error.message, error.status], [message, 2]);
  });
}

Deno.test("parseOperand() takes one word", () => {
  assertEquals(parseOperand("shell", ["zsh"], ["bash", "zsh"]), "zsh");
  const cases: [string[], string][] = [
    [[], "the shell is missing: bash or zsh"],
    [["zhs"], 'there is no shell "zhs"; did you mean zsh?'],
    [["bash", "zsh"], '"zsh" is one word too many'],
    [["--all"], 'there is no option "--all"'],
  ];
  for (const [args, message] of cases) {
    assertThrows(() => parseOperand("shell", args, ["bash", "zsh"]), CommandError, message);
  }
});
