import { assertEquals } from "@std/assert";
import { definition, feeds, findings, lint, OVS_BR1 } from "../../../tests/support/cli/lint.ts";

const VERSIONS: [config: Record<string, unknown>, findings: string[]][] = [
  [{ cniVersion: "0.3.0" }, []],
  [{ cniVersion: "1.1.0" }, []],
  [{ cniVersion: undefined, cniVersions: ["1.0.0", "1.1.0"] }, []],
  [{ cniVersion: undefined }, ["error version: the configuration has no cniVersion; "]],
  [{ cniVersion: "0.2.0" }, ['error version: cniVersion "0.2.0" is not supported; ']],
  [{ cniVersion: 1 }, ["error version: cniVersion 1 is not supported; "]],
];

for (const [config, expected] of VERSIONS) {
  Deno.test(`version: ${JSON.stringify(config)}`, () => {
    const supported = "supported are 0.3.0, 0.3.1, 0.4.0, 1.0.0, 1.1.0";
    assertEquals(
      findings(definition({ plugins: [OVS_BR1, feeds("m")], config })),
      expected.map((finding) => finding + supported),
    );
  });
}

Deno.test("version: networks without mirrors may have any", () => {
  const config = { cniVersion: "0.2.0" };
  assertEquals(lint(definition({ plugins: [{ type: "bridge" }], config })), []);
});
