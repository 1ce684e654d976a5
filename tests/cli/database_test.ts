import { assertEquals, assertMatch } from "@std/assert";
import { command } from "../support/run/command.ts";
import { Host } from "../support/cni/host.ts";

Deno.test("show, metrics and completion find the database by a variable, unless told otherwise", async () => {
  await using host = await Host.start();
  await host.db.addMirror("br1", { name: "m1" });
  const env = { OVS_MIRROR_SOCKET: host.db.socket };
  assertMatch((await command(["show", "--format", "dot"], { env })).stdout, /m1/);
  const other = await command(["show", "--socket", "/nowhere/db.sock"], { env });
  assertEquals(other.code, 3);
  assertMatch(other.stderr, /unix:\/nowhere\/db\.sock/);
  const wrong = { OVS_MIRROR_SOCKET: "db.sock" };
  for (const args of [["show"], ["metrics", "--listen", "127.0.0.1:1"]]) {
    const { code, stderr } = await command(args, { env: wrong });
    assertEquals(code, 2);
    assertMatch(stderr, /OVS_MIRROR_SOCKET can't be "db\.sock"; use unix:PATH/);
  }
});
