import { assertEquals } from "@std/assert";
import { Client } from "../lib/ovsdb/client.ts";
import { MessageSplitter } from "../lib/ovsdb/framing.ts";
import { Files } from "./support/files.ts";

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
