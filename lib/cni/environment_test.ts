import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { type Command, isIdentifier, parseAttachment, parseCommand } from "./environment.ts";
import { CniError } from "./error.ts";

const COMPLETE = {
  CNI_CONTAINERID: "container-1",
  CNI_NETNS: "/var/run/netns/test",
  CNI_IFNAME: "eth1",
};

function attachment(command: Command, variables: Partial<typeof COMPLETE>) {
  return parseAttachment(command, (name) => variables[name as keyof typeof COMPLETE]);
}

/** What is said about variables, of which those given differ from good ones. */
function refusal(command: Command, variables: Partial<typeof COMPLETE>): string {
  const all = { ...COMPLETE, ...variables };
  const error = assertThrows(() => attachment(command, all), CniError);
  assertEquals(error.code, 4);
  return error.message;
}

Deno.test("parseCommand() knows the commands of the specification", () => {
  for (const name of ["ADD", "CHECK", "DEL", "GC", "STATUS", "VERSION"]) {
    assertEquals(parseCommand(name), name);
  }
});

Deno.test("parseCommand() refuses others, and quotes a short piece of them", () => {
  for (const name of ["", "add", "UPDATE", "toString", "__proto__"]) {
    const error = assertThrows(() => parseCommand(name), CniError);
    assertEquals([error.code, error.message], [4, `CNI_COMMAND is "${name}"`]);
    assertStringIncludes(error.details, "ADD, CHECK, DEL, GC, STATUS, VERSION");
  }
  const error = assertThrows(() => parseCommand("X".repeat(100)), CniError);
  assertEquals(error.message, `CNI_COMMAND is "${"X".repeat(60)}…"`);
});

Deno.test("parseAttachment() reads the variables", () => {
  const expected = { containerId: "container-1", netns: "/var/run/netns/test", ifname: "eth1" };
  for (const command of ["ADD", "CHECK", "DEL"] as const) {
    assertEquals(attachment(command, COMPLETE), expected);
  }
});

Deno.test("parseAttachment() names all variables that are missing or empty", () => {
  assertEquals(
    refusal("ADD", { CNI_CONTAINERID: undefined, CNI_NETNS: "", CNI_IFNAME: undefined }),
    "ADD needs CNI_CONTAINERID, CNI_NETNS, CNI_IFNAME",
  );
  assertEquals(refusal("CHECK", { CNI_NETNS: undefined }), "CHECK needs CNI_NETNS");
  assertEquals(refusal("DEL", { CNI_IFNAME: "" }), "DEL needs CNI_IFNAME");
});

Deno.test("parseAttachment() lets DEL go without a network namespace", () => {
  assertEquals(attachment("DEL", { ...COMPLETE, CNI_NETNS: undefined }).netns, "");
});

Deno.test("parseAttachment() asks nothing of GC, STATUS and VERSION", () => {
  const nothing = { containerId: "", netns: "", ifname: "" };
  for (const command of ["GC", "STATUS", "VERSION"] as const) {
    assertEquals(attachment(command, {}), nothing);
    assertEquals(attachment(command, { ...COMPLETE, CNI_CONTAINERID: "/" }), nothing);
  }
});

Deno.test("parseAttachment() takes container ids of the specification's grammar", () => {
  for (const id of ["a", "0", "A_b.c-D", "x".repeat(200)]) {
    assertEquals(attachment("ADD", { ...COMPLETE, CNI_CONTAINERID: id }).containerId, id);
  }
  for (
    const id of ["/", "../a", ".", "-a", "_a", "a/b", "a b", "a\n", "ä", "a\0", "x".repeat(201)]
  ) {
    assertStringIncludes(refusal("DEL", { CNI_CONTAINERID: id }), "CNI_CONTAINERID is ");
  }
});

Deno.test("parseAttachment() takes interface names that Linux takes", () => {
  for (const ifname of ["e", "eth1", "net1.100", "ä", "…", "x".repeat(15)]) {
    assertEquals(attachment("ADD", { ...COMPLETE, CNI_IFNAME: ifname }).ifname, ifname);
  }
  for (
    const ifname of [".", "..", "a/b", "a:1", "a b", "a\t", "a\0", "x".repeat(16), "ä".repeat(8)]
  ) {
    assertStringIncludes(refusal("DEL", { CNI_IFNAME: ifname }), "CNI_IFNAME is ");
  }
});

Deno.test("parseAttachment() takes network namespaces of a path's length", () => {
  const longest = `/${"x".repeat(4095)}`;
  assertEquals(attachment("ADD", { ...COMPLETE, CNI_NETNS: longest }).netns, longest);
  for (const netns of [`${longest}x`, "/a\nb", "/a\0"]) {
    assertStringIncludes(refusal("ADD", { CNI_NETNS: netns }), "CNI_NETNS is ");
  }
});

Deno.test("isIdentifier() takes a letter or digit, then also some punctuation", () => {
  for (const text of ["a", "0", "Z", "a_b.c-D", "0..", "x".repeat(1000)]) {
    assertEquals(isIdentifier(text), true, text);
  }
  for (const text of ["", ".", "..", "-a", "_a", "a/b", "../a", "a b", "ä", "a\n", "a\0"]) {
    assertEquals(isIdentifier(text), false, JSON.stringify(text));
  }
});
