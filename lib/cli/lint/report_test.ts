import { assertEquals } from "@std/assert";
import { formatJson, formatText } from "./report.ts";

const finding = {
  file: "a.yaml",
  line: 3,
  level: "error" as const,
  rule: "field",
  message: 'x has no member "y"',
  hint: 'did you mean "z"?',
};
const report = {
  files: 1,
  networks: 2,
  workloads: 0,
  findings: [finding, { ...finding, line: 5, level: "warning" as const }],
};

Deno.test("formatText() writes as compilers do", () => {
  assertEquals(
    formatText(report, false),
    `\
a.yaml:3: error: x has no member "y" [field]
  hint: did you mean "z"?
a.yaml:5: warning: x has no member "y" [field]
  hint: did you mean "z"?
2 networks and 0 workloads in 1 file: 1 error, 1 warning
`,
  );
});

Deno.test("formatText() uses colour if told to", () => {
  assertEquals(
    formatText({ ...report, findings: [finding] }, true).split("\n")[0],
    '\x1b[1ma.yaml:3:\x1b[0m \x1b[31merror:\x1b[0m x has no member "y" [field]',
  );
});

Deno.test("formatText() lets no file steer the terminal", () => {
  const hostile = { ...finding, file: "\x1b[2J.yaml", message: "\x1b]0;x\x07", hint: "\r" };
  const text = formatText({ ...report, findings: [hostile] }, false);
  // deno-lint-ignore no-control-regex
  assertEquals(/[\x00-\x09\x0b-\x1f]/.test(text), false);
});

Deno.test("formatJson() counts and lists", () => {
  assertEquals(JSON.parse(formatJson(report)), {
    files: 1,
    networks: 2,
    workloads: 0,
    errors: 1,
    warnings: 1,
    findings: report.findings,
  });
});
