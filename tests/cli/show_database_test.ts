import { assertEquals, assertMatch } from "@std/assert";
import { command } from "../support/run/command.ts";
import { Ovsdb } from "../support/ovs/ovsdb.ts";
import { succeed } from "../support/run/process.ts";

/** Runs `show` against a socket that answers each connection with some bytes and closes it. */
async function showAgainst(answer: string, directory: string) {
  const path = `${directory}/other.sock`;
  using listener = Deno.listen({ transport: "unix", path });
  const serving = (async () => {
    using connection = await listener.accept();
    await connection.read(new Uint8Array(16_384));
    await connection.write(new TextEncoder().encode(answer));
  })();
  const finished = await command(["show", "--socket", path]);
  await serving;
  await Deno.remove(path);
  return finished;
}

Deno.test("show says in one line what is wrong with the database", async () => {
  await using db = await Ovsdb.start();
  const { directory } = db;
  await Deno.writeTextFile(`${directory}/file`, "");
  const missing = await command(["show", "--socket", `${directory}/none`]);
  const file = await command(["show", "--socket", `${directory}/file`]);
  const http = await showAgainst("HTTP/1.1 400 Bad Request\r\n\r\n", directory);
  const closed = await showAgainst("", directory);
  // These answer the first question, and no other.
  const [none, bare] = [
    await showAgainst('{"id":0,"result":null,"error":null}', directory),
    await showAgainst('{"id":0,"result":{"tables":{"Bridge":{}}},"error":null}', directory),
  ];
  const cases = [
    [missing, /cannot connect to unix:\S+ \(NotFound\); is ovsdb-server running/],
    [file, /cannot connect to unix:\S+ \(ConnectionRefused\); is ovsdb-server running/],
    [http, /unix:\S+: the server sent something that is not a JSON object; is it ovsdb-server\?/],
    [none, /the server closed the connection; is ovsdb-server running/],
    [bare, /the server closed the connection; is ovsdb-server running/],
    [closed, /the server closed the connection; is ovsdb-server running/],
  ] as const;
  for (const [{ code, stdout, stderr }, message] of cases) {
    assertEquals([code, stdout], [3, ""]);
    assertMatch(stderr, /^ovs-mirror-producer: [^\n]*\n$/);
    assertMatch(stderr, message);
  }
});

Deno.test("show knows a database that is not Open vSwitch's", async () => {
  await using db = await Ovsdb.start();
  const schema = { name: "Other", version: "1.0.0", tables: {} };
  await Deno.writeTextFile(`${db.directory}/other.schema`, JSON.stringify(schema));
  await succeed("ovsdb-tool", "create", `${db.directory}/other.db`, `${db.directory}/other.schema`);
  const target = `--target=${db.directory}/server.ctl`;
  await succeed("ovs-appctl", target, "ovsdb-server/add-db", `${db.directory}/other.db`);
  await succeed("ovs-appctl", target, "ovsdb-server/remove-db", "Open_vSwitch");
  const { code, stdout, stderr } = await command(["show", "--socket", db.socket]);
  assertEquals([code, stdout], [3, ""]);
  assertMatch(
    stderr,
    /^ovs-mirror-producer: unix:\S+ is not the database of Open vSwitch \(unknown database\b.*\n$/,
  );
});
