/**
 * Files that several calls change at the same time, or that others do.
 */

import { assertEquals, assertRejects } from "@std/assert";
import { FileError, IrregularFileError } from "../../lib/input/files.ts";
import { Deadline, SlowFileError } from "../../lib/plugin/deadline.ts";
import { FileDirectory } from "../../lib/plugin/records/directory.ts";
import { Files } from "../support/run/files.ts";
import { lacks } from "../support/run/lacks.ts";
import { firstLine } from "../support/run/lines.ts";
import { until } from "../support/run/process.ts";

const ignore = lacks({ flock: "util-linux" });

/** A directory, and what it sees of it. */
async function make(content?: string, milliseconds = 60_000) {
  const files = await Files.make(content === undefined ? {} : { entry: content });
  const end = new AbortController();
  const timer = setTimeout(() => end.abort(), milliseconds);
  const directory = new FileDirectory(files.path("."), new Deadline(milliseconds, end.signal));
  const seen: string[] = [];
  /** Adds to the entry, and notes what was there. */
  const add = (text: string) =>
    directory.update("entry", (bytes) => {
      seen.push(bytes ? new TextDecoder().decode(bytes) : "nothing");
      return seen.at(-1) + text;
    });
  return {
    path: files.path("entry"),
    directory,
    seen,
    add,
    content: () => Deno.readTextFile(files.path("entry")),
    names: () => Array.from(Deno.readDirSync(files.path(".")), ({ name }) => name).sort(),
    async [Symbol.asyncDispose]() {
      clearTimeout(timer);
      await files[Symbol.asyncDispose]();
    },
  };
}

/** Another process that has the lock on a file, does something at its end, and lets go. */
class Holder implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;

  private constructor(process: Deno.ChildProcess) {
    this.#process = process;
  }

  static async start(path: string, last: string): Promise<Holder> {
    const script = `echo locked; exec >&-; read -r _; ${last}`;
    const process = new Deno.Command("flock", {
      args: [path, "sh", "-c", script, "sh", path],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    assertEquals(await firstLine(process.stdout), "locked");
    return new Holder(process);
  }

  async release(): Promise<void> {
    await this.#process.stdin.close();
    await this.#process.status;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.release().catch(() => {});
  }
}

Deno.test({ name: "a change waits for the one before it", ignore }, async () => {
  await using entry = await make("a");
  await using holder = await Holder.start(entry.path, 'printf ab >"$1"');
  const adding = entry.add("c");
  // Time enough for one that does not wait.
  await new Promise((resolve) => setTimeout(resolve, 300));
  assertEquals(entry.seen, []);
  await holder.release();
  await adding;
  assertEquals([entry.seen, await entry.content()], [["ab"], "abc"]);
});

Deno.test(
  { name: "a file put in place of a locked one is the one to change", ignore },
  async () => {
    await using entry = await make("old");
    const replace = 'printf new >"$1.2"; mv "$1.2" "$1"';
    await using holder = await Holder.start(entry.path, replace);
    const adding = entry.add("er");
    await new Promise((resolve) => setTimeout(resolve, 300));
    await holder.release();
    await adding;
    assertEquals([entry.seen, await entry.content()], [["new"], "newer"]);
  },
);

Deno.test({ name: "a locked file that goes is made anew", ignore }, async () => {
  await using entry = await make("old");
  await using holder = await Holder.start(entry.path, 'rm "$1"');
  const adding = entry.add("!");
  await new Promise((resolve) => setTimeout(resolve, 300));
  await holder.release();
  await adding;
  assertEquals([entry.seen, await entry.content()], [["nothing"], "nothing!"]);
});

Deno.test({
  name: "a call's time is over though somebody keeps a file locked",
  ignore,
  // What was given up goes on when the lock is there, if its process still is.
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    await using entry = await make("a", 500);
    await using holder = await Holder.start(entry.path, "true");
    await assertRejects(() => entry.add("b"), SlowFileError, "did not answer in time");
    assertEquals([entry.seen, await entry.content()], [[], "a"]);
    await holder.release();
    await until("what was given up", async () => await entry.content() === "ab");
  },
});

Deno.test("an entry that somebody makes at the same moment is changed, not replaced", async () => {
  await using entry = await make();
  let isFirst = true;
  await entry.directory.update("entry", (bytes) => {
    if (isFirst) Deno.writeTextFileSync(entry.path, "theirs");
    isFirst = false;
    return `${bytes && new TextDecoder().decode(bytes)}+ours`;
  });
  assertEquals(await entry.content(), "theirs+ours");
  assertEquals(entry.names(), ["entry"]);
});

Deno.test("a change that fails leaves nothing behind", async () => {
  await using entry = await make();
  await assertRejects(() =>
    entry.directory.update("entry", () => {
      Deno.mkdirSync(entry.path);
      return "text";
    }), IrregularFileError);
  assertEquals(entry.names(), ["entry"]);
  await assertRejects(() => entry.directory.update("no/such", () => "text"));
  assertEquals(entry.names(), ["entry"]);
});

Deno.test("what is being written is no entry", async () => {
  await using entry = await make("a");
  await Deno.writeTextFile(entry.path.replace("entry", ".entry.0123456789ab"), "");
  assertEquals(await entry.directory.list(), ["entry"]);
});

Deno.test("many changes at once all work out, however often they get into each other's way", async () => {
  await using entry = await make("0");
  const deadline = new Deadline(60_000, new AbortController().signal);
  const increase = (bytes?: Uint8Array) => `${Number(new TextDecoder().decode(bytes)) + 1}`;
  const changes = Array.from({ length: 16 }, async () => {
    const directory = new FileDirectory(entry.path.replace("/entry", ""), deadline);
    await directory.update("entry", increase);
    await directory.read("entry");
  });
  await Promise.all(changes);
  assertEquals([await entry.content(), entry.names()], ["16", ["entry"]]);
});

Deno.test("a file is read though others replace it all the time", async () => {
  await using entry = await make("a");
  let isOver = false;
  const replacing = (async () => {
    while (!isOver) {
      await Deno.writeTextFile(`${entry.path}.new`, "b");
      await Deno.rename(`${entry.path}.new`, entry.path);
    }
  })();
  try {
    for (let count = 0; count < 50; count++) {
      assertEquals((await entry.directory.read("entry"))!.length, 1);
    }
  } finally {
    isOver = true;
    await replacing;
  }
});

Deno.test("nothing is on record below a file, and nothing can be put there", async () => {
  await using entry = await make("a");
  const directory = new FileDirectory(`${entry.path}/cache`, new Deadline(60_000));
  assertEquals([await directory.read("x"), await directory.list()], [undefined, []]);
  await directory.clearUp("x");
  await directory.tidy();
  await assertRejects(() => directory.update("x", () => "text"), FileError, "NotADirectory");
});

Deno.test("a directory that others may write to, or that is another user's, is not used", async (t) => {
  const uses: Record<string, (directory: FileDirectory) => Promise<unknown>> = {
    read: (directory) => directory.read("entry"),
    update: (directory) => directory.update("entry", () => "text"),
    list: (directory) => directory.list(),
    clearUp: (directory) => directory.clearUp("entry"),
    tidy: (directory) => directory.tidy(),
  };
  const isRoot = Deno.uid() === 0;
  const spoils: [string, boolean, (path: string) => Promise<void>][] = [
    ["others than its owner may write to it", true, (path) => Deno.chmod(path, 0o1777)],
    ["others than its owner may write to it", true, (path) => Deno.chmod(path, 0o702)],
    ["others than its owner may write to it", isRoot, async (path) => {
      await Deno.chown(path, 0, 12345);
      await Deno.chmod(path, 0o770);
    }],
    ["it belongs to another user", isRoot, (path) => Deno.chown(path, 12345, 0)],
  ];
  for (const [words, isPossible, spoil] of spoils) {
    if (!isPossible) continue;
    await t.step(words, async () => {
      await using entry = await make("a");
      const path = entry.path.replace("/entry", "");
      await spoil(path);
      for (const use of Object.values(uses)) {
        const directory = new FileDirectory(path, new Deadline(60_000));
        await assertRejects(() => use(directory), FileError, words);
      }
      assertEquals(await entry.content(), "a");
    });
  }
  await t.step("one that its group or all may read is", async () => {
    await using entry = await make("a");
    await Deno.chmod(entry.path.replace("/entry", ""), 0o755);
    assertEquals((await entry.directory.read("entry"))?.length, 1);
  });
});
