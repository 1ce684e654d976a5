import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { Ajv2020, type ValidateFunction } from "ajv/2020";
import * as fc from "fast-check";
import * as z from "zod/mini";
import {
  arePluginMembers,
  consumerMembersOf,
  type MirrorMembers,
} from "../mirror/config/config.ts";
import { OPTIONS_OF_REMOTE } from "../mirror/config/option_members.ts";
import { isRemote } from "../mirror/config/remote.ts";
import { CONSUMER_MEMBERS } from "../mirror/config/options.ts";
import { consumer, producer } from "../mirror/role.ts";
import { pluginMembers } from "../../tests/model/requests.ts";
import { testProperties } from "../../tests/model/property.ts";
import { recordingTerminal } from "../../tests/support/cli/commands.ts";
import { run } from "../cli/schema/command.ts";
import { type JsonSchema, toJsonSchema } from "./convert.ts";
import { isPolicy } from "../policy/policy.ts";
import { policyLike } from "../../tests/model/policies.ts";
import { configurationSchema, policySchema } from "./json_schema.ts";

/** Reports whether JSON Schema finds a value to be a configuration. */
const VALIDATORS = [producer, consumer].map((role) => ({
  role,
  // Anything of the schema that draft 2020-12 does not know is an error.
  validate: new Ajv2020({ strict: true, strictRequired: false }).compile(configurationSchema(role)),
}));

testProperties(VALIDATORS.map(({ role, validate }) => ({
  name: `the schema of ${role.plugin} agrees with what the plugin accepts`,
  property: fc.property(pluginMembers, (members) => {
    const isAccepted = arePluginMembers(members) &&
      members.mirrors.every((mirror) =>
        role.columnsFor(mirror).length > 0 &&
        (role === consumer ? isOfConsumer(mirror) : isOfProducer(mirror))
      );
    assertEquals(accepts(validate, members, role.plugin), isAccepted);
  }),
})));

function isOfConsumer({ vlans, remote }: MirrorMembers): boolean {
  return isSet(vlans ?? []) && !remote;
}

function isOfProducer(mirror: MirrorMembers): boolean {
  const { remote } = mirror;
  const others = consumerMembersOf(mirror);
  return remote
    ? isRemote(remote) && others.every((name) => OPTIONS_OF_REMOTE.includes(name))
    : others.length === 0;
}

function isSet(list: readonly unknown[]): boolean {
  return new Set(list).size === list.length;
}

function accepts(validate: ValidateFunction, members: unknown, type: string): boolean {
  return validate(Object.assign(Object(members), { type }));
}

const REMOTE = { type: "erspan", address: "192.0.2.10" };

const MIRRORS: [mirror: unknown, producer: boolean, consumer: boolean][] = [
  [{ name: "m", ingress: true }, true, true],
  [{ name: "m", egress: true, ingress: false }, true, true],
  [{ name: "m" }, false, true],
  [{ name: "m", ingres: true }, false, true],
  [{ name: "m", ingress: false, egress: false }, false, true],
  [{ name: "m", ingress: true, snaplen: 64 }, false, true],
  [{ name: "m", ingress: true, shared: false }, false, true],
  [{ name: "m", ingress: true, all: null, vlans: null }, true, true],
  [{ name: "m", ingress: true, vlans: [1, 1] }, false, false],
  [{ name: "m", ingress: true, remote: REMOTE }, true, false],
  [{ name: "m", ingress: true, snaplen: 64, remote: REMOTE }, true, false],
  [{ name: "m", ingress: true, all: true, remote: REMOTE }, false, false],
  [{ name: "m", ingress: true, remote: { ...REMOTE, direction: null } }, true, false],
  [{ name: "m", ingress: true, remote: { ...REMOTE, type: "ip6gre" } }, false, false],
  [{ name: "m", ingress: true, snaplen: 64, remote: null }, false, true],
  [{ name: "", ingress: true }, false, false],
  [{ ingress: true }, false, false],
  [{ name: "m", ingress: "true" }, false, false],
  ["m", false, false],
];

for (const [mirror, ...expected] of MIRRORS) {
  Deno.test(`the schemas of both roles judge the mirror ${JSON.stringify(mirror)}`, () => {
    const verdicts = VALIDATORS.map(({ role, validate }) =>
      accepts(validate, { mirrors: [mirror] }, role.plugin)
    );
    assertEquals(verdicts, expected);
  });
}

Deno.test("a schema is for one plugin", () => {
  for (const { validate } of VALIDATORS) {
    const mirrors = [{ name: "m", ingress: true }];
    assertEquals(accepts(validate, { mirrors }, "ovs"), false);
    assertEquals(validate({ mirrors }), false);
  }
});

Deno.test("configurationSchema() describes every member", () => {
  for (const { role } of VALIDATORS) {
    const { properties } = configurationSchema(role);
    const members = [...Object.values(properties!), ...mirrorMembers(properties!)];
    for (const { description } of members) assertMatch(description ?? "", /^[A-Z].*[^.]$/);
  }
});

Deno.test("a producer's schema lists nothing that is a consumer's alone", () => {
  const listed = VALIDATORS.map(({ role }) =>
    Object.keys(configurationSchema(role).properties!.mirrors!.items!.properties!)
  );
  assertEquals(listed, [
    ["name", "ingress", "egress", ...OPTIONS_OF_REMOTE, "remote"],
    ["name", "ingress", "egress", ...CONSUMER_MEMBERS],
  ]);
});

function mirrorMembers(properties: Record<string, JsonSchema>): JsonSchema[] {
  return Object.values(properties.mirrors!.items!.properties!);
}

Deno.test("toJsonSchema() refuses what it does not know, rather than leaving it out", () => {
  assertThrows(() => toJsonSchema(z.object({ a: z.date() })), TypeError, "date");
});

Deno.test("schema prints the schema of the role that is named", async () => {
  for (const { role } of VALIDATORS) {
    const terminal = recordingTerminal();
    assertEquals(await run([role.name], terminal), 0);
    assertEquals(JSON.parse(terminal.output), configurationSchema(role));
  }
});

const validatePolicy = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(policySchema());

testProperties([{
  name:
    "the schema of the policy takes all that a plugin takes, and no member that it does not know",
  property: fc.property(policyLike, (value) => {
    if (isPolicy(value)) assertEquals(validatePolicy(value), true);
    else if (hasStranger(value)) assertEquals(validatePolicy(value), false);
  }),
}]);

function hasStranger(value: unknown): boolean {
  const known = Object.keys(policySchema().properties!);
  return Object.keys(Object(value)).some((name) => !known.includes(name));
}

Deno.test("policySchema() describes every member", () => {
  const { properties } = policySchema();
  for (const { description } of Object.values(properties!)) {
    assertMatch(description ?? "", /^[A-Z].*[^.]$/);
  }
  const rules = [properties!.consumers, properties!.producers].flatMap((list) =>
    Object.values(list!.items!.properties!)
  );
  assertEquals(rules.length, 10);
  for (const { description } of rules) assertMatch(description ?? "", /\S/);
});
