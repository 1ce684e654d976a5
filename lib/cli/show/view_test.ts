import { assertEquals, assertMatch } from "@std/assert";
import { recordingTerminal } from "../../../tests/support/cli/commands.ts";
import { makeMirrors, type MirrorSpec } from "../../../tests/support/cli/show.ts";
import { createView } from "./view.ts";

function mirrors(...specs: MirrorSpec[]) {
  return makeMirrors({ br1: { ports: ["p", "q"], mirrors: specs } });
}

const M: MirrorSpec = { name: "m", id: "m", src: ["p"], out: "q" };

Deno.test("createView() appends a line for each mirror that changed", () => {
  const terminal = recordingTerminal();
  const view = createView(terminal, "unix:/x");
  view.show(mirrors(M, { name: "n", id: "n" }), new Map());
  view.show(mirrors(M, { name: "n", id: "n" }), new Map());
  view.show(mirrors({ ...M, carried: [5, 426] }), new Map([["m", { packets: 2.5, bytes: 200 }]]));
  const lines = terminal.output.trimEnd().split("\n");
  for (const line of lines) assertMatch(line, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ br1 /);
  assertEquals(lines.map((line) => line.slice("2000-01-01T00:00:00Z br1 ".length)), [
    "m: waiting for the switch; 1 source; output q",
    "n: no sources, no output; 0 sources; output none",
    "n: gone",
    "m: carrying; 1 source; output q; 5 packets, 426 B; 2.5 packets/s, 200 B/s",
  ]);
});

Deno.test("createView() tells in the log what happened to the connection", () => {
  const terminal = recordingTerminal();
  createView(terminal, "unix:/x").note("lost unix:/x");
  assertMatch(terminal.errors, /^\S+Z lost unix:\/x\n$/);
  assertEquals(terminal.output, "");
});

Deno.test("createView() draws a screen over the one before", () => {
  const terminal = recordingTerminal({ isTerminal: true, columns: 60, rows: 24 });
  const view = createView(terminal, "unix:/x");
  view.show(mirrors(M), new Map());
  const first = terminal.output;
  assertEquals(first.startsWith("\x1b[2J\x1b[H"), true);
  view.show(mirrors(M), new Map());
  const second = terminal.output.slice(first.length);
  assertEquals([second.startsWith("\x1b[H"), second.endsWith("\x1b[J")], [true, true]);
  const [title, header] = second.split("\x1b[K\n");
  assertMatch(title!, /unix:\/x {2}Ctrl-C ends$/);
  assertMatch(header!, /^MIRROR .* PACKETS\/S .*$/);
});

Deno.test("createView() draws no more than the screen has room for", () => {
  const terminal = recordingTerminal({ isTerminal: true, rows: 6 });
  const many = Array.from({ length: 20 }, (_, index) => ({ name: `m${index}` }));
  createView(terminal, "unix:/x").show(mirrors(...many), new Map());
  const lines = terminal.output.split("\n");
  assertEquals(lines.length, 6);
  assertMatch(lines.at(-2)!, /^\(18 lines more\)/);
});
