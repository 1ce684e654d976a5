import { assertEquals } from "@std/assert";
import { billOfMaterials } from "../../scripts/sbom.ts";
import { VERSION } from "../../lib/version.ts";

const DENORT = { version: "2.7.11", sha256: "00".repeat(32) };

Deno.test("billOfMaterials() names what is bundled, and not what only tests use", async () => {
  const { components, metadata } = await billOfMaterials(DENORT);
  assertEquals(metadata.component.version, VERSION);
  assertEquals(components.map(({ name }) => name).sort(), ["deno-std", "denort", "yaml", "zod"]);
});

Deno.test("billOfMaterials() has a checksum and a reference for each component", async () => {
  const { components, dependencies } = await billOfMaterials(DENORT);
  for (const { hashes, name } of components) {
    const [hash] = hashes!;
    assertEquals(hash!.content.length, hash!.alg === "SHA-512" ? 128 : 64, name);
  }
  const references = new Set(components.map((component) => component["bom-ref"]));
  const [self, ...others] = dependencies;
  assertEquals(new Set(self!.dependsOn), references);
  assertEquals(
    others.flatMap(({ dependsOn }) => dependsOn).filter((id) => !references.has(id)),
    [],
  );
});
