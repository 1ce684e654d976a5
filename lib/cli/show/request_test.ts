import { assertEquals, assertRejects } from "@std/assert";
import { CommandError } from "../errors.ts";
import { findDatabase } from "../database.ts";
import { type OnceRequest, parseShow } from "./request.ts";

const endpoint = { transport: "unix", path: "/var/run/openvswitch/db.sock" } as const;

/** On a host of which nothing is configured. */
function parse(...args: string[]) {
  return parseShow(args, (socket) => socket ? findDatabase(socket) : Promise.resolve(endpoint));
}

Deno.test("parseShow() prints a table of the local switch unless told otherwise", async () => {
  assertEquals(await parse(), {
    kind: "once",
    selection: { endpoint, bridges: [], mirrors: [], pods: [] },
    format: "table",
    seconds: undefined,
  });
});

Deno.test("parseShow() takes a selection, a format and a socket", async () => {
  const line = "--bridge br1 --mirror=m --mirror n --pod a/b --format dot --socket tcp:[::1]:6640";
  assertEquals(await parse(...line.split(" ")), {
    kind: "once",
    selection: {
      endpoint: { transport: "tcp", hostname: "::1", port: 6640 },
      bridges: ["br1"],
      mirrors: ["m", "n"],
      pods: ["a/b"],
    },
    format: "dot",
    seconds: undefined,
  });
});

Deno.test("parseShow() watches", async () => {
  const selection = { endpoint, bridges: [], mirrors: [], pods: [] };
  assertEquals(await parse("--watch"), { kind: "watch", selection, interval: 2 });
  assertEquals(await parse("--watch", "--interval", "0.5", "--format=table"), {
    kind: "watch",
    selection,
    interval: 0.5,
  });
});

Deno.test("parseShow() looks twice", async () => {
  const { seconds, format } = await parse("--for", "10", "--format=json") as OnceRequest;
  assertEquals([seconds, format], [10, "json"]);
});

const ERRORS: [line: string, message: string][] = [
  ["br1", 'show takes options only, not "br1"'],
  ["--socket db.sock", 'option --socket can\'t be "db.sock"; use unix:PATH'],
  ["--socket ssl:h:1", 'option --socket can\'t be "ssl:h:1"; ssl is not supported'],
  ["--interval 1", "--interval goes with --watch only"],
  ["--watch --interval 0", 'option --interval can\'t be "0"; use seconds, 0.5 to 3600'],
  ["--watch --interval soon", 'option --interval can\'t be "soon"'],
  ["--for 1", 'option --for can\'t be "1"; use seconds, 6 to 3600'],
  ["--for 99999", 'option --for can\'t be "99999"; use seconds, 6 to 3600'],
  ["--for 10 --watch", "--watch has rates by itself, leave --for out"],
  ["--pod web-0", 'option --pod can\'t be "web-0"; use NAMESPACE/NAME'],
  ["--pod a/b/c", 'option --pod can\'t be "a/b/c"'],
  ["--watch --format json", "--watch prints tables only"],
];

for (const [line, message] of ERRORS) {
  Deno.test(`parseShow() refuses ${line}`, async () => {
    await assertRejects(() => parse(...line.split(" ")), CommandError, message);
  });
}
