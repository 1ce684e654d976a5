import { assertEquals } from "@std/assert";
import { CniError } from "./error.ts";

Deno.test("toJson() writes an error object on one line, with nothing in it that is not printable", () => {
  const message = "the configuration\nis wrong\x9b\u202e";
  const text = new CniError(7, message, "correct it\x7f").toJson("0.4.0");
  assertEquals(text.indexOf("\n"), text.length - 1);
  assertEquals(JSON.parse(text), {
    cniVersion: "0.4.0",
    code: 7,
    msg: "the configuration\\u000ais wrong\\u009b\\u202e",
    details: "correct it\\u007f",
  });
});

Deno.test("toJson() leaves out details that there are not", () => {
  const text = new CniError(11, "later").toJson("1.1.0");
  assertEquals(JSON.parse(text), { cniVersion: "1.1.0", code: 11, msg: "later" });
});
