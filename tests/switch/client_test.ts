import { assertEquals, assertRejects } from "@std/assert";
import { Client } from "../../lib/ovsdb/client.ts";
import { DeadlineError } from "../../lib/ovsdb/error.ts";
import { MessageSplitter } from "../../lib/ovsdb/framing.ts";
import { Files } from "../support/run/files.ts";
import { Ovsdb } from "../support/ovs/ovsdb.ts";
import { until } from "../support/run/process.ts";

Deno.test("Client answers the server's echo, whatever its id, while it waits itself", async () => {
  await using files = await Files.make();
  const path = files.path("db.sock");
  using listener = Deno.listen({ transport: "unix", path });
  using client = await Client.connect({ transport: "unix", path });
  using connection = await listener.accept();
  const splitter = new MessageSplitter(Infinity);
  const buffer = new Uint8Array(4096);
  /** The next message of the client. */
  const next = async () => {
    for (;;) {
      const messages = splitter.push(buffer.subarray(0, await connection.read(buffer) ?? 0));
      if (messages.length > 0) return messages[0];
    }
  };
  const say = (message: unknown) =>
    connection.write(new TextEncoder().encode(JSON.stringify(message)));

  const answer = client.transact("Open_vSwitch", []);
  const { id: question } = await next() as { id: number };
  for (const id of ["echo", 7, question]) {
    await say({ method: "echo", params: ["are", "you", "there"], id });
    assertEquals(await next(), { id, result: ["are", "you", "there"], error: null });
  }
  await say({ id: question, result: [], error: null });
  assertEquals(await answer, []);
});

Deno.test("Client waits for a place in the queue of a server that is busy", async () => {
  await using db = await Ovsdb.start();
  const pid = await db.pid();
  const queued: Deno.Conn[] = [];
  Deno.kill(pid, "SIGSTOP");
  try {
    await assertRejects(async () => {
      for (;;) queued.push(await Deno.connect({ transport: "unix", path: db.socket }));
    }, Deno.errors.WouldBlock);
    const connecting = Client.connect({ transport: "unix", path: db.socket });
    // An attempt comes in time before what is behind it.
    await assertRejects(
      () => Deno.connect({ transport: "unix", path: db.socket }),
      Deno.errors.WouldBlock,
    );
    Deno.kill(pid, "SIGCONT");
    using client = await connecting;
    await client.echo();
  } finally {
    Deno.kill(pid, "SIGCONT");
    for (const connection of queued) connection.close();
  }
});

Deno.test("Client closes a connection that comes when nobody waits for it any more", async () => {
  await using files = await Files.make();
  const path = files.path("db.sock");
  using _listener = Deno.listen({ transport: "unix", path });
  const open = () => Array.from(Deno.readDirSync("/proc/self/fd")).length;
  const before = open();
  const signal = AbortSignal.abort();
  for (let count = 0; count < 10; count++) {
    await assertRejects(
      () => Client.connect({ transport: "unix", path }, { signal }),
      DeadlineError,
    );
  }
  await until("the connections to be closed", () => open() <= before, 5);
});
