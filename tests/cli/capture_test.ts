import { assert, assertEquals, assertMatch } from "@std/assert";
import { frame, geneve, Receiving, vxlan } from "../support/cli/receiving.ts";
import { command, commandOnTerminal } from "../support/run/command.ts";
import { Files } from "../support/run/files.ts";
import { lacks } from "../support/run/lacks.ts";
import { run } from "../support/run/process.ts";
import { lacksSmallDisk, SmallDisk } from "../support/run/small_disk.ts";

const ignore = lacks({ tcpdump: "tcpdump", tshark: "tshark" });

/** Packets as a reader of files sees them: when they came, their length, what of it is kept, and port. */
async function read(output: Uint8Array<ArrayBuffer>) {
  await using files = await Files.make({});
  await Deno.writeFile(files.path("packets"), output);
  const fields = ["frame.time_epoch", "frame.len", "frame.cap_len", "udp.srcport"];
  const args = ["-r", files.path("packets"), "-T", "fields", ...fields.flatMap((f) => ["-e", f])];
  const { code, stdout, stderr } = await run("tshark", { args });
  assertEquals(code, 0, stderr);
  // It warns of being root, and of nothing else.
  assertEquals(stderr.replace(/^Running as user.*\n/m, ""), "");
  return stdout.trimEnd().split("\n").filter((line) => line).map((line) => {
    const [time, length, kept, port] = line.split("\t").map(Number);
    return { time: time!, length: length!, kept: kept!, port: port! };
  });
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

for (const [protocol, wrap] of Object.entries({ vxlan, geneve })) {
  for (const format of ["pcapng", "pcap"]) {
    Deno.test({
      name: `capture writes ${protocol} as ${format} that tcpdump and tshark read`,
      ignore,
      async fn() {
        const args = ["--protocol", protocol, "--format", format];
        await using receiving = await Receiving.start({ args });
        const before = Date.now() / 1000;
        await receiving.send(...numbers(50).map((port) => wrap(7, frame(60 + port, port))));
        await receiving.send(wrap(7, frame(65_000, 51)));
        const { code, output, said } = await receiving.stop();
        assertEquals(said, ["51 packets written; lost: 0 in the kernel, 0 as the output was slow"]);
        assertEquals(code, 0);
        const packets = await read(output);
        assertEquals(packets.map(({ port }) => port), numbers(51));
        assertEquals(packets.map(({ length }) => length), [
          ...numbers(50).map((port) => 60 + port),
          65_000,
        ]);
        for (const { time, length, kept } of packets) {
          assertEquals(kept, length);
          assert(before - 1 <= time && time <= Date.now() / 1000 + 1);
        }
        const tcpdump = new Deno.Command("tcpdump", {
          args: ["-n", "-r", "-"],
          stdin: "piped",
          stdout: "piped",
          stderr: "null",
        }).spawn();
        const writer = tcpdump.stdin.getWriter();
        const fed = writer.write(output).then(() => writer.close());
        const printed = new TextDecoder().decode((await tcpdump.output()).stdout);
        await fed;
        assertEquals(printed.match(/IP 10\.0\.0\.1\.\d+ > 10\.0\.0\.2\.9: UDP/g)?.length, 51);
      },
    });
  }
}

Deno.test({ name: "capture counts what it does not take, and says so", ignore }, async () => {
  await using receiving = await Receiving.start({ args: ["--key", "7"], address: "[::1]" });
  await receiving.send(
    vxlan(7, frame(100, 1)),
    vxlan(8, frame(100, 2)),
    vxlan(0x10007, frame(100, 2)),
    new Uint8Array(100),
    vxlan(7, new Uint8Array(13)),
    new Uint8Array(0),
    new Uint8Array(65_507),
    vxlan(7, frame(65_507 - 8, 3)),
  );
  const { code, output, said } = await receiving.stop("SIGINT");
  assertEquals([code, said], [0, [
    "2 packets written; lost: 0 in the kernel, 0 as the output was slow",
    "ignored datagrams: 2 of another key, 2 no VXLAN with an Ethernet frame, 2 too short",
  ]]);
  assertEquals((await read(output)).map(({ port }) => port), [1, 3]);
});

Deno.test(
  { name: "capture keeps the first bytes of packets, and their lengths", ignore },
  async () => {
    for (const format of ["pcapng", "pcap"]) {
      await using receiving = await Receiving.start({ args: ["-s", "99", "--format", format] });
      await receiving.send(vxlan(7, frame(1000, 1)), vxlan(7, frame(60, 2)));
      const packets = await read((await receiving.stop()).output);
      assertEquals(packets.map(({ length, kept }) => [length, kept]), [[1000, 99], [60, 60]]);
    }
  },
);

Deno.test({ name: "capture ends after a number of packets, or a time", ignore }, async () => {
  await using counting = await Receiving.start({ args: ["--count", "2", "--key", "7"] });
  await counting.send(...[7, 8, 7, 7].map((key, index) => vxlan(key, frame(100, index))));
  assertEquals((await read((await counting.finish()).output)).map(({ port }) => port), [0, 2]);
  await using timed = await Receiving.start({ args: ["--for", "1s"] });
  assertEquals((await timed.finish()).code, 0);
});

Deno.test("capture ends when nobody reads any more, also if no packets come", async () => {
  for (const datagrams of [[], [vxlan(7, frame(100, 1))]]) {
    await using receiving = await Receiving.start();
    await receiving.child.stdout.cancel();
    await receiving.send(...datagrams);
    assertEquals(await receiving.child.status, { success: true, code: 0, signal: null });
  }
});

/** More than pipe and buffers hold. */
const MANY = 60_000;

Deno.test("capture neither grows nor waits when its reader is slow", async () => {
  await using receiving = await Receiving.start();
  const before = receiving.memory();
  const datagram = vxlan(7, frame(1000, 1));
  for (let sent = 0; sent < MANY; sent += 50) {
    await receiving.send(...Array(50).fill(datagram));
    await receiving.settled();
  }

  assert(receiving.memory() - before < 60_000_000, `${receiving.memory() - before} bytes more`);
  receiving.child.kill("SIGTERM");
  // Nobody reads now either: it ends all the same.
  const { code, said: [summary] } = await receiving.ended();
  assertEquals(code, 0);
  const [, written, kernel, slow] = /^(\d+) packets written; lost: (\d+) in the kernel, (\d+) as/
    .exec(summary!)!.map(Number);
  assert(slow! > 20_000, summary);
  assertEquals(written! + kernel! + slow!, MANY);
});

Deno.test({ name: "capture tells what the kernel dropped", ignore }, async () => {
  await using receiving = await Receiving.start();
  receiving.child.kill("SIGSTOP");
  await receiving.send(...Array(2000).fill(vxlan(7, frame(1000, 1))));
  receiving.child.kill("SIGCONT");
  const { output, said } = await receiving.stop();
  const [, written, dropped] = /^(\d+) packets written; lost: (\d+) in the kernel/.exec(said[0]!)!;
  assert(Number(dropped) > 0);
  assertEquals(Number(written) + Number(dropped), 2000);
  assertMatch(said[1]!, /net\.core\.rmem_default/);
  assertEquals((await read(output)).length, Number(written));
});

Deno.test({
  name: "capture leaves whole packets on a disk that is full",
  ignore: ignore || await lacksSmallDisk(),
  async fn() {
    await using files = await Files.make({});
    const place = files.path("disk");
    await Deno.mkdir(place);
    for (const format of ["pcapng", "pcap"]) {
      for (
        const how of [{ args: ["--write", `${place}/file`] }, { redirection: `>${place}/file` }]
      ) {
        await using disk = await SmallDisk.mount(place, "512k");
        await using receiving = await Receiving.start({
          ...how,
          args: ["--format", format, ...how.args ?? []],
          through: disk.through,
        });
        for (let sent = 0; receiving.said.length < 2 && sent < MANY; sent += 50) {
          await receiving.send(
            ...numbers(50).map((number) => vxlan(7, frame(1000, sent + number))),
          );
          await receiving.settled();
        }
        const { code, said } = await receiving.finish();
        assertEquals(code, 3);
        assertMatch(said.at(-1)!, /cannot write to .*: No space left on device/);
        const packets = await read(await Deno.readFile(`${disk.path}/file`));
        assert(packets.length > 400, `${packets.length}`);
        assertEquals(packets.map(({ port }) => port), numbers(packets.length));
        assertEquals(said[0]!.split(" ")[0], `${packets.length}`);
      }
    }
  },
});

Deno.test("capture writes a file that only its owner reads, in place of an older one", async () => {
  await using files = await Files.make({});
  const path = files.path("new");
  for (let round = 0; round < 2; round++) {
    await using receiving = await Receiving.start({ args: ["--write", path] });
    await receiving.send(vxlan(7, frame(100, 1)));
    assertEquals((await receiving.stop()).output.length, 0);
  }
  const { mode, size } = await Deno.stat(path);
  assertEquals(mode! & 0o777, 0o600);
  assert(size < 400, `${size}`);
});

Deno.test("capture says what is wrong with its command line, address or file", async () => {
  await using other = await Receiving.start();
  const cases: [string[], number, RegExp][] = [
    [[], 2, /name the address to receive on, such as --listen 10\.0\.0\.1$/],
    [
      ["--listen", "::1"],
      2,
      /"::1"; use ADDRESS or ADDRESS:PORT, with an IPv6 address in brackets$/,
    ],
    [
      ["--listen", "127.0.0.1", "--key", "x"],
      2,
      /--key can't be "x"; use a number, 0 to 16777215$/,
    ],
    [
      ["--listen", "127.0.0.1", "--for", "1d"],
      2,
      /use a time such as 90s, 10m or 2h, at most 24h$/,
    ],
    [["--listen", "127.0.0.1", "file"], 2, /capture takes options only, not "file"$/],
    [["--listen", `127.0.0.1:${other.to.port}`], 3, /cannot receive on .*: AddrInUse$/],
    [["--listen", "192.0.2.1"], 3, /cannot receive on 192\.0\.2\.1:4789: AddrNotAvailable$/],
    [
      ["--listen", "127.0.0.1", "-w", "/nowhere/file"],
      3,
      /cannot open "\/nowhere\/file" for writing: NotFound$/,
    ],
  ];
  for (const [args, status, message] of cases) {
    const { code, stdout, stderr } = await command(["capture", ...args]);
    assertEquals([code, stdout], [status, ""], stderr);
    assertMatch(stderr.trimEnd(), message);
  }
});

Deno.test({
  name: "capture does not write packets to a terminal",
  ignore: lacks({ script: "bsdutils" }),
  async fn() {
    const { code, stdout } = await commandOnTerminal(["capture", "--listen", "127.0.0.1"], 80);
    assertEquals(code, 2);
    assertMatch(stdout, /packets are not for a terminal; use --write FILE or a pipe/);
    const elsewhere = ["--listen", "127.0.0.1:40789", "--for", "1s", "--write", "/dev/null"];
    assertEquals((await commandOnTerminal(["capture", ...elsewhere], 80)).code, 0);
  },
});
