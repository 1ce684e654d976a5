import { assertEquals } from "@std/assert";
import { printable, printableLines } from "./printable.ts";

Deno.test("printable() leaves names as they are", () => {
  assertEquals(printable('veth1 – "mirror", 鏡 é'), 'veth1 – "mirror", 鏡 é');
});

Deno.test("printable() escapes what could harm a terminal or a reader", () => {
  const cases = [
    ["a\x1b[31mb", "a\\u001b[31mb"],
    ["a\nb\tc\x7f", "a\\u000ab\\u0009c\\u007f"],
    ["\x9b31m", "\\u009b31m"],
    ["a\u202eb", "a\\u202eb"],
    ["a\u2028b", "a\\u2028b"],
    ["\ud800", "\\ud800"],
    ["\u{e0001}", "\\udb40\\udc01"],
  ];
  for (const [text, expected] of cases) assertEquals(printable(text!), expected);
});

Deno.test("printableLines() keeps line ends", () => {
  assertEquals(printableLines("a\n\x1bb\n"), "a\n\\u001bb\n");
});
