import { assert, assertEquals, assertMatch } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { parse } from "@std/yaml/parse";

const ROOT = fromFileUrl(new URL("../..", import.meta.url));
const DIRECTORY = `${ROOT}.github/workflows`;

interface Step {
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
}

interface Job {
  uses?: string;
  permissions?: Record<string, string>;
  "timeout-minutes"?: number;
  steps?: Step[];
}

interface Workflow {
  permissions: Record<string, string>;
  concurrency?: unknown;
  jobs: Record<string, Job>;
}

const texts = Array.from(
  Deno.readDirSync(DIRECTORY),
  ({ name }) => [name, Deno.readTextFileSync(`${DIRECTORY}/${name}`)] as const,
);

for (const [name, text] of texts) {
  const workflow = parse(text) as Workflow;
  const jobs = Object.entries(workflow.jobs);
  const steps = jobs.flatMap(([, { steps }]) => steps ?? []);

  Deno.test(`${name}: every action is pinned to a commit, with its version beside it`, () => {
    const lines = text.match(/^.*\buses: .*$/gm) ?? [];
    for (const line of lines.filter((line) => !line.includes("uses: ./"))) {
      assertMatch(line, /uses: [\w.-]+\/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    }
  });

  Deno.test(`${name}: a job has the rights it names, and an end`, () => {
    assertEquals(workflow.permissions, {});
    assert(workflow.concurrency);
    for (const [job, { permissions, uses, "timeout-minutes": timeout }] of jobs) {
      assert(permissions, job);
      assert(uses || timeout, job);
    }
  });

  Deno.test(`${name}: nothing is put into a script as text`, () => {
    for (const { run } of steps) assert(!run?.includes("${{"), run);
  });

  Deno.test(`${name}: no checkout keeps its token`, () => {
    for (const { with: inputs } of steps.filter(({ uses }) => uses?.includes("/checkout@"))) {
      assertEquals(inputs?.["persist-credentials"], false);
    }
  });

  Deno.test(`${name}: what it runs is there`, () => {
    const paths = steps.flatMap(({ run }) => run?.match(/(?:scripts|tests|\.ci)\/[\w./-]+/g) ?? []);
    for (const path of paths) assert(Deno.statSync(ROOT + path).isFile, path);
  });
}

Deno.test("an action is used in one version everywhere", () => {
  const pins = new Map<string, Set<string>>();
  for (const [, text] of texts) {
    for (const [, action, pin] of text.matchAll(/uses: ([\w.-]+\/[\w.-]+)@(.+)$/gm)) {
      pins.set(action!, (pins.get(action!) ?? new Set()).add(pin!));
    }
  }
  assertEquals([...pins].filter(([, versions]) => versions.size > 1), []);
});
