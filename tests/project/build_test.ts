import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { allowNet, MAX_APPENDED_BYTES } from "../../scripts/build.ts";
import { executable } from "../support/cni/plugin.ts";
import { ROOT } from "../support/project/documents.ts";
import { Ovsdb } from "../support/ovs/ovsdb.ts";
import { run } from "../support/run/process.ts";
import { listenTcp } from "../support/ovs/tcp.ts";

/** The last bytes of an executable: a mark, two lengths that do not matter, and what was appended. */
const TRAILER = { mark: "d3n0l4nd", bytes: 24, lengthAt: 16 };

/** A machine's number in the header of an executable. */
const ELF_MACHINE: Record<string, number> = { x86_64: 62, aarch64: 183 };

async function read(path: string, offset: number, whence: Deno.SeekMode, length: number) {
  using file = await Deno.open(path);
  await file.seek(offset, whence);
  const bytes = new Uint8Array(length);
  await file.read(bytes);
  return new DataView(bytes.buffer);
}

for (const role of ["producer", "consumer"] as const) {
  const path = executable(role);
  const call = (...args: string[]) => run(path, { args, clearEnv: true, cwd: "/" });

  Deno.test(`${role}: little is appended to the runtime base`, async () => {
    const trailer = await read(path, -TRAILER.bytes, Deno.SeekMode.End, TRAILER.bytes);
    assertEquals(new TextDecoder().decode(trailer.buffer.slice(0, 8)), TRAILER.mark);
    const appended = Number(trailer.getBigUint64(TRAILER.lengthAt, true));
    assert(appended > 0 && appended < MAX_APPENDED_BYTES, `${appended} bytes are appended`);
  });

  Deno.test(`${role}: the executable is one for this machine, and may be executed`, async () => {
    const header = await read(path, 0, Deno.SeekMode.Start, 20);
    assertEquals(header.getUint32(0), 0x7f454c46);
    assertEquals(header.getUint16(18, true), ELF_MACHINE[Deno.build.arch]);
    assertEquals((await Deno.stat(path)).mode! & 0o111, 0o111);
  });

  Deno.test(`${role}: help and version need no environment, no input and no database`, async () => {
    for (const arg of ["--help", "-h"]) {
      const { code, stdout, stderr } = await call(arg);
      assertEquals([code, stderr], [0, ""]);
      for (const word of [`ovs-mirror-${role}`, "CNI_COMMAND", "--version", "1.1.0"]) {
        assertStringIncludes(stdout, word);
      }
    }
    for (const arg of ["--version", "-V"]) {
      const { code, stdout, stderr } = await call(arg);
      assertEquals([code, stderr], [0, ""]);
      assert(new RegExp(`^ovs-mirror-${role} \\d+\\.\\d+\\.\\d+\\S*\\n$`).test(stdout), stdout);
    }
  });

  Deno.test(`${role}: a command line that makes no sense`, async () => {
    for (const arg of ["--nonsense", "nonsense", "-x"]) {
      const { code, stdout, stderr } = await call(arg);
      assertEquals([code, stdout], [2, ""]);
      assertStringIncludes(stderr, `ovs-mirror-${role}: `);
      assertStringIncludes(stderr, arg.replace(/^-+/, ""));
    }
  });

  Deno.test(`${role}: a runtime's call does not look at the command line`, async () => {
    const { code, stdout } = await run(path, {
      args: ["--help"],
      env: { CNI_COMMAND: "VERSION" },
      clearEnv: true,
    });
    assertEquals([code, JSON.parse(stdout).cniVersion], [0, "1.1.0"]);
  });
}

Deno.test("allowNet() lets the executables connect to any address, or to those that are named", () => {
  const addresses = "unix:/run/db.sock,tcp:127.0.0.1:6640";
  for (const version of ["2.7.11", "2.9.6"]) assertEquals(allowNet("", version), ["--allow-net"]);
  assertEquals(allowNet(addresses, "2.9.6"), ["--allow-net=unix:/run/db.sock,127.0.0.1:6640"]);
  assertEquals(allowNet(addresses, "2.7.11"), ["--allow-net=127.0.0.1:6640"]);
  assertEquals(allowNet("unix:/run/db.sock", "2.7.11"), []);
});

Deno.test("a program that may connect to a named database does not connect to others", async () => {
  await using db = await Ovsdb.start();
  const [allowed, refused] = [`unix:${db.socket}`, `tcp:127.0.0.1:${await listenTcp(db)}`];
  const show = (address: string) => {
    const permissions = ["--allow-env", "--allow-read", "--allow-write", ...allowNet(allowed)];
    const program = ["run", "--quiet", "--no-prompt", ...permissions, `${ROOT}producer.ts`];
    return run(Deno.execPath(), { args: [...program, "show", "--socket", address] });
  };
  assertEquals((await show(allowed)).code, 0);
  const { code, stderr } = await show(refused);
  assertEquals(code, 3);
  assertStringIncludes(stderr, "NotCapable");
});
