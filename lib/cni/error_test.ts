import { assertEquals } from "@std/assert";
import { CniError } from "./error.ts";

Deno.test("toJson() writes an error object on one line", () => {
  const text = new CniError(7, "the configuration\nis wrong", "correct it").toJson("0.4.0");
  assertEquals(text.indexOf("\n"), text.length - 1);
  assertEquals(JSON.parse(text), {
    cniVersion: "0.4.0",
    code: 7,
    msg: "the configuration\nis wrong",
    details: "correct it",
  });
});

Deno.test("toJson() leaves out details that there are not", () => {
  const text = new CniError(11, "later").toJson("1.1.0");
  assertEquals(JSON.parse(text), { cniVersion: "1.1.0", code: 11, msg: "later" });
});
