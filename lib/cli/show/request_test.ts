import { assertEquals, assertThrows } from "@std/assert";
import { CommandError } from "../errors.ts";
import { parseShow } from "./request.ts";

const endpoint = { transport: "unix", path: "/var/run/openvswitch/db.sock" } as const;

Deno.test("parseShow() prints a table of the local switch unless told otherwise", () => {
  assertEquals(parseShow([]), {
    kind: "once",
    selection: { endpoint, bridge: undefined, mirror: undefined },
    format: "table",
  });
});

Deno.test("parseShow() takes a selection, a format and a socket", () => {
  const line = "--bridge br1 --mirror=m --format dot --socket tcp:[::1]:6640";
  assertEquals(parseShow(line.split(" ")), {
    kind: "once",
    selection: {
      endpoint: { transport: "tcp", hostname: "::1", port: 6640 },
      bridge: "br1",
      mirror: "m",
    },
    format: "dot",
  });
});

Deno.test("parseShow() watches", () => {
  const selection = { endpoint, bridge: undefined, mirror: undefined };
  assertEquals(parseShow(["--watch"]), { kind: "watch", selection, interval: 2 });
  assertEquals(parseShow(["--watch", "--interval", "0.5", "--format=table"]), {
    kind: "watch",
    selection,
    interval: 0.5,
  });
});

const ERRORS: [line: string, message: string][] = [
  ["br1", 'show takes options only, not "br1"'],
  ["--socket db.sock", 'option --socket can\'t be "db.sock"; use unix:PATH'],
  ["--socket ssl:h:1", 'option --socket can\'t be "ssl:h:1"; ssl is not supported'],
  ["--interval 1", "--interval goes with --watch only"],
  ["--watch --interval 0", 'option --interval can\'t be "0"; use seconds, 0.5 to 3600'],
  ["--watch --interval soon", 'option --interval can\'t be "soon"'],
  ["--watch --format json", "--watch prints tables only"],
];

for (const [line, message] of ERRORS) {
  Deno.test(`parseShow() refuses ${line}`, () => {
    assertThrows(() => parseShow(line.split(" ")), CommandError, message);
  });
}
