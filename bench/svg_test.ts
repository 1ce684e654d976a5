import { assertEquals, assertStringIncludes } from "@std/assert";
import { element, picture, text } from "./svg.ts";

Deno.test("element() nests, rounds and escapes", () => {
  const line = element("line", { x1: 1.26, class: 'a"b' });
  assertEquals(line, '<line x1="1.3" class="a&quot;b"/>');
  assertEquals(element("g", {}, line, line), `<g>${line}${line}</g>`);
});

Deno.test("text() escapes what it says", () => {
  assertStringIncludes(text(0, 0, "a < b & c"), ">a &lt; b &amp; c<");
});

Deno.test("picture() has a size, a title and a style", () => {
  const svg = picture(20, 10, "Title", "line{}", [element("line", {})]);
  for (const part of ['viewBox="0 0 20 10"', "<title>Title</title>", "line{}", "<line/>"]) {
    assertStringIncludes(svg, part);
  }
});
