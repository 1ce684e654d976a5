import { assertEquals } from "@std/assert";
import { breakLast, type Cell, fillUp, layOut, measure } from "./layout.ts";

const options = { columns: 20, color: false };

function cells(...texts: string[]): Cell[] {
  return texts.map((text) => ({ text }));
}

Deno.test("fillUp() lines cells up, but not those after a very long one", () => {
  const rows = [cells("a", "bb", "c"), cells("aaa", "b"), cells("x".repeat(30), "b", "c")];
  const pads = measure(rows);
  assertEquals(pads, [24, 2, 1]);
  assertEquals(fillUp(rows[1]!, pads), [{ text: "aaa", pad: 24 }, { text: "b" }]);
});

Deno.test("layOut() puts cells in columns as long as they fit", () => {
  const rows = [cells("a", "bb"), cells("aaa", "b")];
  const pads = measure(rows);
  const lines = rows.map((row) => ({ indent: 2, cells: fillUp(row, pads) }));
  assertEquals(layOut(lines, options), "  a    bb\n  aaa  b\n");
});

Deno.test("layOut() fills numbers up on the left", () => {
  const line = { indent: 0, cells: [{ text: "7", pad: 3, right: true }, { text: "x" }] };
  assertEquals(layOut([line], options), "  7  x\n");
});

Deno.test("layOut() goes on below where the line ends", () => {
  const line = { indent: 2, cells: cells("ingress", "veth1", "net1", "pod 1") };
  assertEquals(layOut([line], options), "  ingress  veth1\n    net1  pod 1\n");
});

Deno.test("layOut() breaks what is longer than a line at spaces, then anywhere", () => {
  const line = { indent: 0, cells: cells("a", `pod ${"0123456789".repeat(2)}`, "b") };
  assertEquals(layOut([line], options), "a  pod\n  012345678901234567\n  89  b\n");
});

Deno.test("layOut() never writes a line that is too wide", () => {
  const texts = ["mirror-1", "鏡像".repeat(9), "output port on another bridge", "x".repeat(50)];
  for (let columns = 8; columns < 60; columns++) {
    const rows = [cells(...texts), cells(...texts.toReversed())];
    const pads = measure(rows);
    const lines = rows.map((row) => ({ indent: 2, cells: fillUp(row, pads) }));
    const text = layOut(lines, { columns, color: false });
    for (const line of text.split("\n")) {
      const wide = line.match(/[鏡像]/g)?.length ?? 0;
      assertEquals(line.length + wide <= columns, true, `${columns}: ${line}`);
    }
  }
});

Deno.test("layOut() counts no colour as width", () => {
  const line = {
    indent: 0,
    cells: [{ text: "abc", pad: 5, style: "red" as const }, { text: "d" }],
  };
  assertEquals(layOut([line], { columns: 8, color: true }), "\x1b[31mabc\x1b[0m    d\n");
  assertEquals(layOut([line], { columns: 8, color: false }), "abc    d\n");
});

Deno.test("breakLast() goes on below where the last cell began, if there is room", () => {
  const line = { indent: 1, cells: [{ text: "a", pad: 2 }, ...cells("one two three four five")] };
  const text = (columns: number) => layOut(breakLast(line, columns), { columns, color: false });
  assertEquals(text(30), " a   one two three four five\n");
  assertEquals(text(22), " a   one two three\n     four five\n");
  assertEquals(breakLast(line, 18), [line]);
});
