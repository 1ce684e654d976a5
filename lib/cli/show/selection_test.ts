import { assertEquals } from "@std/assert";
import { makeTables } from "../../../tests/support/cli/show.ts";
import { parseEndpoint } from "../../ovsdb/endpoint.ts";
import { readMirrors } from "../../observe/model.ts";
import { selectMirrors } from "./selection.ts";

Deno.test("selectMirrors() finds a pod's port among outputs as among sources", () => {
  const mirrors = [{ name: "a", src: ["p"] }, { name: "b", out: "p" }, { name: "c", src: ["q"] }];
  const tables = makeTables({ br1: { ports: ["p", "q"], mirrors } });
  const podOf = (port: string) => port === "p" ? "default/web-0" : undefined;
  const endpoint = parseEndpoint("/db.sock");
  const selection = { endpoint, bridges: [], mirrors: [], pods: ["default/web-0"] };
  const found = selectMirrors(readMirrors(tables, { podOf }), selection);
  assertEquals(found.map(({ name }) => name), ["a", "b"]);
});
