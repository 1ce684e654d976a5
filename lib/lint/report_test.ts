import { assertEquals } from "@std/assert";
import { formatGithub, formatJson, formatText } from "./report.ts";
import { formatSarif } from "./sarif.ts";

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
  unread: 0,
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

Deno.test("formatText() does not end with a good word if something was not read", () => {
  assertEquals(
    formatText({ ...report, files: 0, findings: [], unread: 1 }, false),
    "2 networks and 0 workloads in 0 files: 0 errors, 0 warnings, 1 path not read\n",
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
    unread: 0,
    errors: 1,
    warnings: 1,
    findings: report.findings,
  });
});

Deno.test("formatGithub() writes commands for workflows", () => {
  const escaped = { ...finding, file: "a,b:c.yaml", message: "100%", hint: "x\r\ny" };
  assertEquals(
    formatGithub({ ...report, findings: [escaped, report.findings[1]!] }),
    `\
::error file=a%2Cb%3Ac.yaml,line=3,title=field (ovs-mirror lint)::100%25%0Ax\\u000d%0Ay
::warning file=a.yaml,line=5,title=field (ovs-mirror lint)::x has no member "y"%0Adid you mean "z"?
2 networks and 0 workloads in 1 file: 1 error, 1 warning
`,
  );
});

Deno.test("formatSarif() writes a log with a run", () => {
  const files = ["/a b/c.yaml", "./d/e.yaml", "-"];
  const findings = files.map((file) => ({ ...finding, file }));
  const { version, runs: [run] } = JSON.parse(formatSarif({ ...report, findings }));
  assertEquals([version, run.tool.driver.rules], ["2.1.0", [{ id: "field" }]]);
  assertEquals(run.results[0], {
    ruleId: "field",
    level: "error",
    message: { text: 'x has no member "y"\ndid you mean "z"?' },
    locations: [{
      physicalLocation: {
        artifactLocation: { uri: "file:///a%20b/c.yaml" },
        region: { startLine: 3 },
      },
    }],
  });
  const uris = run.results.map((result: typeof run.results[0]) =>
    result.locations[0].physicalLocation.artifactLocation.uri
  );
  assertEquals(uris, ["file:///a%20b/c.yaml", "d/e.yaml", "-"]);
});
