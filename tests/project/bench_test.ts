import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { Demo } from "../support/project/demo.ts";
import { lacks } from "../support/run/lacks.ts";

const PROGRAM = fromFileUrl(new URL("../../bench/main.ts", import.meta.url));

const ignore = lacks({ time: "time" });

/** A directory outside of the benchmark's own, for a peer and the results. */
async function withDirectory(test: (directory: string) => Promise<void>): Promise<void> {
  const directory = await Deno.makeTempDir({ prefix: "ovs-mirror-test-" });
  try {
    await test(directory);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

/** A short run of the benchmark. */
async function bench(directory: string, ...args: string[]): Promise<Demo> {
  return await Demo.start({ program: [PROGRAM, "--quick", "--out", `${directory}/out`, ...args] });
}

/** Executables of a peer, which print and end as given, and keep what they are called with. */
async function makePeer(directory: string, script: string): Promise<void> {
  for (const role of ["producer", "consumer"]) {
    const path = `${directory}/ovs-mirror-${role}`;
    const text = `#!/bin/sh\ncat >"$0.configuration"\n${script}\n`;
    await Deno.writeTextFile(path, text, { mode: 0o755 });
  }
}

/** Why a peer is not compared, by what its executables do. */
const FAILURES = {
  "exit 3": "ADD ended with status 3",
  "[ $CNI_COMMAND != ADD ] || echo '{\"interfaces\":[]}'": "the database has 0 attachments",
};

for (const [script, reason] of Object.entries(FAILURES)) {
  Deno.test(
    { name: `the benchmark compares with no peer of which ${reason}`, ignore },
    async () => {
      await withDirectory(async (directory) => {
        await makePeer(directory, script);
        await using run = await bench(directory, "--only", "traffic", "--peer", directory);
        const { code, output, left } = await run.ended();
        assertEquals([code, left], [1, []], output);
        assertStringIncludes(output, "| producer | ADD     | ours | 2        |");
        assertStringIncludes(
          output,
          `Not compared: peer, producer, 0 ports in the mirror: ${reason}`,
        );
        // Other implementations take no bare path.
        const configuration = Deno.readTextFile(`${directory}/ovs-mirror-producer.configuration`);
        assertMatch(JSON.parse(await configuration).socket_file, /^unix:\//);
        const { parts } = JSON.parse(await Deno.readTextFile(`${directory}/out/performance.json`));
        const contestants = parts[0].rows.map((row: { contestant: string }) => row.contestant);
        assertEquals(new Set(contestants), new Set(["ours"]));
        const text = await Deno.readTextFile(`${directory}/out/performance.md`);
        assertStringIncludes(output, text);
      });
    },
  );
}

Deno.test({ name: "the benchmark says which executables a peer lacks", ignore }, async () => {
  await withDirectory(async (directory) => {
    await Deno.writeTextFile(`${directory}/ovs-mirror-producer`, "", { mode: 0o644 });
    await using run = await bench(directory, "--peer", directory);
    const { code, output, left } = await run.ended();
    assertEquals([code, left], [2, []], output);
    for (const role of ["producer", "consumer"]) {
      assertStringIncludes(output, `${directory}/ovs-mirror-${role}`);
    }
  });
});

Deno.test({ name: "the benchmark names the programs that are missing", ignore }, async () => {
  await withDirectory(async (directory) => {
    await using run = await Demo.start({
      program: [PROGRAM, "--quick", "--out", directory],
      env: { PATH: directory },
    });
    const { code, output } = await run.ended();
    assertEquals(code, 2, output);
    assertStringIncludes(output, "ovsdb-server, ovsdb-tool, time missing");
    assertStringIncludes(output, "apt-get install openvswitch-switch time");
  });
});

Deno.test(
  { name: "the benchmark leaves nothing behind when it is interrupted", ignore },
  async () => {
    await withDirectory(async (directory) => {
      await using run = await bench(directory, "--only", "ports");
      await run.hasWritten("ports: ");
      run.interrupt("SIGINT");
      const { code, output, left } = await run.ended();
      assertEquals([code, left], [130, []], output);
      assertEquals(Array.from(Deno.readDirSync(`${directory}/out`)), []);
    });
  },
);
