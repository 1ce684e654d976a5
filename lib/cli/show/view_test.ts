import { assertEquals, assertMatch } from "@std/assert";
import { recordingTerminal } from "../../../tests/support/cli/commands.ts";
import { makeReport, makeTables, type MirrorSpec } from "../../../tests/support/cli/show.ts";
import { readMirrors } from "../../observe/model.ts";
import { withRates } from "../../observe/rates.ts";
import { judge } from "../../observe/verdict.ts";
import { createView } from "./view.ts";
import { NO_INTEREST } from "../../observe/words.ts";

function report(...specs: MirrorSpec[]) {
  return makeReport({ br1: { ports: ["p", "q"], mirrors: specs } });
}

const M: MirrorSpec = { name: "m", id: "m", src: ["p"], out: "q" };

Deno.test("createView() appends a line for each mirror that changed", () => {
  const terminal = recordingTerminal();
  const view = createView(terminal, "unix:/x", NO_INTEREST);
  view.show(report(M, { name: "n", id: "n" }));
  view.show(report(M, { name: "n", id: "n" }));
  const { mirrors } = report({ ...M, carried: [5, 426] });
  const rates = new Map([["m", { packets: 2.5, bytes: 200, dropped: 0 }]]);
  view.show({ switch: "running", mirrors: judge(withRates(mirrors, rates)) });
  const lines = terminal.output.trimEnd().split("\n");
  for (const line of lines) assertMatch(line, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ br1 /);
  assertEquals(lines.map((line) => line.slice("2000-01-01T00:00:00Z br1 ".length)), [
    "m: waiting for the switch; 1 source; output q",
    "n: no sources, no output; 0 sources; output none",
    "n: gone",
    "m: carrying; 1 source; output q; 5 packets, 426 B; 2.5 packets/s, 200 B/s",
  ]);
});

Deno.test("createView() appends lines to a terminal that can't go back", () => {
  const written = (isDumb: boolean) => {
    const terminal = recordingTerminal({ isTerminal: true, isDumb, rows: 50 });
    createView(terminal, "unix:/x", NO_INTEREST).show(report(M));
    return terminal.output;
  };
  assertMatch(written(true), /^\S+Z br1 m: waiting for the switch; [^\n]*\n$/);
  assertEquals(written(false).startsWith("\x1b[2J\x1b[H"), true);
});

Deno.test("createView() tells in the log who joined and who left", () => {
  const terminal = recordingTerminal();
  const view = createView(terminal, "unix:/x", NO_INTEREST);
  const podOf = (port: string) => port === "q" ? "default/ids" : undefined;
  const show = (spec: MirrorSpec) => {
    const tables = makeTables({ br1: { ports: ["p", "q", "r"], mirrors: [spec] } });
    view.show({ switch: "running", mirrors: judge(readMirrors(tables, { podOf })) });
  };
  show({ ...M, src: ["p"], out: "q" });
  show({ ...M, src: ["r"], dst: ["r"], out: undefined });
  const lines = terminal.output.trimEnd().split("\n").slice(1);
  assertEquals(lines.map((line) => line.slice("2000-01-01T00:00:00Z br1 ".length)), [
    "m: p left, was ingress",
    "m: default/ids (q) left, was output",
    "m: r joined as ingress+egress",
    "m: no output; 1 source; output none",
  ]);
});

Deno.test("createView() tells in the log what becomes of the switch, and remarks once", () => {
  const terminal = recordingTerminal();
  const view = createView(terminal, "unix:/x", NO_INTEREST);
  for (const state of ["running", "not running", "not running", "running"] as const) {
    view.show({ switch: state, mirrors: [] }, "rates follow");
  }
  assertEquals(
    terminal.output.replaceAll(/^\S+Z /gm, ""),
    "switch: not running\nswitch: running\n",
  );
  assertEquals(terminal.errors.replaceAll(/^\S+Z /gm, ""), "rates follow\n");
});

Deno.test("createView() tells in the log what happened to the connection", () => {
  const terminal = recordingTerminal();
  createView(terminal, "unix:/x", NO_INTEREST).note("lost unix:/x");
  assertMatch(terminal.errors, /^\S+Z lost unix:\/x\n$/);
  assertEquals(terminal.output, "");
});

Deno.test("createView() draws a screen over the one before", () => {
  const terminal = recordingTerminal({ isTerminal: true, columns: 100, rows: 24 });
  const view = createView(terminal, "unix:/x", NO_INTEREST);
  view.show(report(M));
  const first = terminal.output;
  assertEquals(first.startsWith("\x1b[2J\x1b[H"), true);
  view.show(report(M));
  const second = terminal.output.slice(first.length);
  assertEquals([second.startsWith("\x1b[H"), second.endsWith("\x1b[J")], [true, true]);
  const [title, state, header] = second.split("\x1b[K\n");
  assertMatch(title!, /unix:\/x {2}q quits$/);
  assertEquals(state, "switch running");
  assertMatch(header!, /^MIRROR .* PACKETS\/S .*$/);
});

Deno.test("createView() draws no more than the screen has room for", () => {
  const terminal = recordingTerminal({ isTerminal: true, columns: 100, rows: 6 });
  const many = Array.from({ length: 20 }, (_, index) => ({ name: `m${index}` }));
  createView(terminal, "unix:/x", NO_INTEREST).show(report(...many));
  const lines = terminal.output.split("\n");
  assertEquals(lines.length, 6);
  assertMatch(lines.at(-2)!, /^\(19 lines more\)/);
});

Deno.test("createView() leaves the last line of a screen free", () => {
  const drawn = (rows: number) => {
    const terminal = recordingTerminal({ isTerminal: true, columns: 100, rows });
    createView(terminal, "unix:/x", NO_INTEREST).show(report(M));
    return terminal.output.split("\n").length - 1;
  };
  const all = drawn(100);
  assertEquals([drawn(all + 1), drawn(all)], [all, all - 1]);
});
