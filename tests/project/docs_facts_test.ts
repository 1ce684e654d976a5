import { assert, assertEquals } from "@std/assert";
import { check } from "../../lib/lint/check.ts";
import { readDocuments } from "../../lib/lint/document.ts";
import { RULES } from "../../lib/lint/rules/all.ts";
import type { JsonSchema } from "../../lib/schema/convert.ts";
import { configurationSchema } from "../../lib/schema/json_schema.ts";
import { CniCode } from "../../lib/cni/error.ts";
import { planAttach } from "../../lib/mirror/plan/attach.ts";
import { bringIntoForce, untilInForce } from "../../lib/mirror/switch/in_force.ts";
import { askOpened } from "../../lib/mirror/switch/port_opened.ts";
import { MAX_MIRRORS } from "../../lib/mirror/config/config.ts";
import { consumer, producer } from "../../lib/mirror/role.ts";
import { ask, OWNER } from "../../lib/mirror/snapshot/snapshot.ts";
import { CODES } from "../../lib/plugin/codes.ts";
import { codes, read, ROOT, rows, section, sourceText } from "../support/project/documents.ts";
import { run } from "../support/run/process.ts";

Deno.test("the reference's codes are those of the sources", () => {
  const documented = rows(section(read("docs/REFERENCE.md"), "Codes"));
  const own = Object.entries(CODES).map(([name, code]) => `${code} ${name}`);
  const used = Object.entries(CniCode).filter(([key]) =>
    key !== "internal" && sourceText().includes(`CniCode.${key}`)
  );
  const reserved = used.map(([key, code]) => `${code} ${words(key)}`);
  const expected = [...own, ...reserved].sort();
  assertEquals(documented.map(([code, name]) => `${code} ${name}`).sort(), expected);
});

/** The words of a name in any case. */
function words(name: string): string {
  return name.replace(/(?<=[a-z])[A-Z]/g, " $&").replaceAll("_", " ").toLowerCase();
}

Deno.test("the reference's fields are those of the schema", () => {
  const documented = rows(section(read("docs/REFERENCE.md"), "Fields"));
  const [ofProducer, ofConsumer] = [producer, consumer].map((role) =>
    fieldsOf(configurationSchema(role).properties!, "")
  ) as [string[], string[]];
  const nameOf = ([name, type]: string[]) => `${codes(name!)}: ${type}`;
  const all = new Set([...ofProducer, ...ofConsumer]);
  assertEquals(documented.map(nameOf).sort(), [...all].sort());
  for (const [word, others] of [["consumer: ", ofProducer], ["producer: ", ofConsumer]] as const) {
    const own = documented.filter((row) => !others.includes(nameOf(row)));
    assertEquals(own.filter(([, , meaning]) => !meaning!.startsWith(word)), []);
  }
});

/** Each field with its type; those of a list's items and of an object below it. */
function fieldsOf(properties: Record<string, JsonSchema>, path: string): string[] {
  return Object.entries(properties).flatMap(([name, schema]) => [
    `${path}${name}: ${typeName(schema)}`,
    ...fieldsOf(schema.items?.properties ?? {}, `${path}${name}[].`),
    ...fieldsOf(schema.properties ?? {}, `${path}${name}.`),
  ]);
}

/** A member may be null as well where it may be absent; the table says the type alone. */
function typeName({ type }: JsonSchema): string {
  const [name = "string", ...others] = [type ?? []].flat().filter((one) => one !== "null");
  assertEquals(others, []);
  return name === "array" ? "list" : name;
}

Deno.test("the variables that the documents name are those that the executables may read", () => {
  const allowed = /--allow-env=([A-Z_,]+)/.exec(read("scripts/build.ts"))![1]!.split(",");
  const own = allowed.filter((name) => !name.startsWith("CNI_"));
  const variables = rows(section(read("docs/REFERENCE.md"), "Environment")).flatMap(([name]) =>
    codes(name!)
  );
  assertEquals(variables.sort(), own.sort());
  const permissions = rows(section(read("docs/SECURITY.md"), "What the executables may do"));
  const [, names] = permissions.find(([permission]) => permission === "`--allow-env`")!;
  assertEquals(codes(names!).sort(), allowed.sort());
});

Deno.test("the architecture's example is what the code sends", () => {
  const [question, change, wait] = Array.from(
    read("docs/ARCHITECTURE.md").matchAll(/```json\n([^`]+)```/g),
    ([, json]) => JSON.parse(json!),
  );
  const query = { role: consumer, bridge: "br1", mirrors: ["m1"], ports: ["veth1"] };
  assertEquals(question, ask(query).operations);
  const mirrors = [{ name: "m1", columns: ["output_port" as const] }];
  const ports = [{ id: "P", name: "veth1" }];
  const snapshot = {
    bridge: { id: "B", mirrors: [] },
    mirrors: [],
    ports,
    attachedPorts: [],
    emptyMirrors: [],
  };
  const plan = planAttach({ role: consumer, bridge: "br1", mirrors }, snapshot);
  assertEquals(change, [...plan, ...bringIntoForce(["P"]).operations]);
  assertEquals(wait, [untilInForce(7, 29_500), ...askOpened(ports)]);
});

Deno.test("the members of a record that the documents name are those that it has", () => {
  const source = sourceText("plugin/records/record.ts");
  const membersOf = (name: string) => {
    const [, members] = new RegExp(`interface ${name} \\{([^}]+)\\}`).exec(source)!;
    return Array.from(members!.matchAll(/^ {2}(\w+)\??:/gm), ([, member]) => member!);
  };
  assert(membersOf("AttachmentRecord").includes("parts"));
  const [, list] = /`parts`:[^(]+\(([^)]+)\)/.exec(read("docs/OPERATIONS.md"))!;
  assertEquals(codes(list!), membersOf("Part"));
});

Deno.test("the owner that the documents name is the one that mirrors get", () => {
  for (const path of ["docs/OPERATIONS.md", "docs/ARCHITECTURE.md"]) {
    assert(read(path).includes(OWNER), path);
  }
});

Deno.test("the verdicts that the documents explain are those of show", () => {
  const documented = rows(section(read("docs/OPERATIONS.md"), "Is it working?"))
    .flatMap(([verdict]) => codes(verdict!));
  const source = sourceText("observe/verdict.ts").replace("${MAX_MIRRORS}", String(MAX_MIRRORS));
  assertEquals(documented.filter((verdict) => !source.includes(verdict)), []);
  const problems = Array.from(source.matchAll(/^ {2}\w+: ["`](.+)["`],$/gm), ([, one]) => one!);
  assert(problems.length > 4);
  assertEquals(problems.filter((problem) => !documented.includes(problem)), []);
});

Deno.test("the rules that the documents explain are those of lint", () => {
  const documented = rows(section(read("docs/OPERATIONS.md"), "Checking YAML"))
    .flatMap(([rule]) => codes(rule!));
  const source = sourceText("lint/");
  const rules = source.matchAll(/^ {2}name: "([a-z-]+)",$/gm);
  const others = source.matchAll(/\brule: "([a-z-]+)"(?: \| "([a-z-]+)")?/g);
  const names = new Set([...rules, ...others].flatMap(([, ...found]) => found.filter(Boolean)));
  assertEquals(documented.sort(), [...names].sort());
});

Deno.test("each rule of lint is in a file of its name", () => {
  const files = RULES.map(({ name }) => `lint/rules/${name.replaceAll("-", "_")}.ts`);
  for (const [index, file] of files.entries()) {
    assert(sourceText(file).includes(`: Rule = {\n  name: "${RULES[index]!.name}",`), file);
  }
});

Deno.test("lint finds nothing in the README's networks but the mirror without a consumer", () => {
  const [, yaml] = /```yaml\n(apiVersion[^`]+)```/.exec(read("README.md"))!;
  const { findings, networks } = check(readDocuments("README.md", yaml!));
  assertEquals(networks, 2);
  assertEquals(findings.map(({ rule, message }) => `${rule}: ${message}`), [
    'no-consumer: nobody here consumes mirror "mirror-2"',
  ]);
});

Deno.test("the library's program type checks", async () => {
  const args = ["check", "--quiet", "--doc-only", "docs/LIBRARY.md"];
  const { code, stderr } = await run(Deno.execPath(), { args, cwd: ROOT });
  assertEquals([code, stderr], [0, ""]);
});
