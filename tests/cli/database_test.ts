import { assertEquals, assertMatch } from "@std/assert";
import { command } from "../support/run/command.ts";
import { executable } from "../support/cni/plugin.ts";
import { lacks } from "../support/run/lacks.ts";
import { run } from "../support/run/process.ts";
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

/** Runs `show` where the plugins' configuration file, and nothing else of /etc, is there. */
async function showWith(file: string, ...args: string[]) {
  const setup = 'mount -t tmpfs none /etc && mkdir -p "$D" && printf %s "$F" >"$D/ovs.conf"';
  return await run("unshare", {
    args: ["-m", "sh", "-c", `${setup} && exec "$0" show "$@"`, executable("producer"), ...args],
    env: { D: "/etc/cni/net.d/ovs.d", F: file },
  });
}

Deno.test({
  name: "show finds the database by the plugins' configuration file",
  ignore: lacks({ unshare: "util-linux", mount: "mount" }),
  async fn() {
    const path = "/nowhere/db.sock";
    const cases: [file: string, code: number, message: RegExp][] = [
      [JSON.stringify({ socket_file: path }), 3, /cannot connect to unix:\/nowhere\/db\.sock/],
      ['{ "socket_file": "x" }', 2, /"socket_file" of the configuration file can't be "x"; use/],
      ['{ "socket_file": 7 }', 3, /ovs\.d\/ovs\.conf .*name the database by --socket$/],
      ["{ no", 3, /ovs\.d\/ovs\.conf .*name the database by --socket$/],
    ];
    for (const [file, code, message] of cases) {
      const shown = await showWith(file);
      assertEquals(shown.code, code, shown.stderr);
      assertMatch(shown.stderr.trimEnd(), message);
      assertMatch((await showWith(file, "--socket", "/x.sock")).stderr, /unix:\/x\.sock/);
    }
  },
});
