import { assertEquals, assertStringIncludes } from "@std/assert";
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

Deno.test(
  { name: "the benchmark counts requests, and writes what it prints", ignore },
  async () => {
    await withDirectory(async (directory) => {
      await using run = await bench(directory, "--only", "traffic");
      const { code, output, left } = await run.ended();
      assertEquals([code, left], [0, []], output);
      assertStringIncludes(output, "| producer | ADD     | ours | 2        |");
      assertStringIncludes(output, await Deno.readTextFile(`${directory}/out/performance.md`));
    });
  },
);

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
