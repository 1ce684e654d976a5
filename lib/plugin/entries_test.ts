import { assertEquals, assertRejects } from "@std/assert";
import { MemoryDirectory } from "../../tests/model/switch/memory.ts";
import { FileError } from "../input/files.ts";
import { readEntries, withEach } from "./entries.ts";
import { AttachmentStore } from "./store.ts";

/** A directory with a file that can't be read. */
class DamagedDirectory extends MemoryDirectory {
  override read(name: string): Promise<Uint8Array | undefined> {
    return name.startsWith("b-") ? Promise.reject(new FileError(name)) : super.read(name);
  }
}

Deno.test("readEntries() reads what can be read of the role's entries, and nothing else", async () => {
  const directory = new DamagedDirectory();
  for (const name of ["a-eth1_prod", "b-eth1_prod", "c-eth1_prod", "a-eth1_cons", "x_y"]) {
    directory.files.set(name, "{}");
  }
  const found = await readEntries(new AttachmentStore(directory, "prod"));
  assertEquals(found.map(({ name }) => name), ["a-eth1_prod", "c-eth1_prod"]);
});

Deno.test("withEach() works on so many at the same time, and keeps their order", async () => {
  let [now, most] = [0, 0];
  const double = async (item: number) => {
    most = Math.max(most, ++now);
    await new Promise((resolve) => setTimeout(resolve, item % 3));
    now--;
    return 2 * item;
  };
  const items = Array.from({ length: 20 }, (_, index) => index);
  assertEquals(await withEach(items, double, 4), items.map((item) => 2 * item));
  assertEquals(most, 4);
  assertEquals(await withEach([], double), []);
});

Deno.test("withEach() begins nothing after a failure", async () => {
  const begun: number[] = [];
  const fail = (item: number) => {
    begun.push(item);
    return item === 2 ? Promise.reject(new RangeError("x")) : Promise.resolve();
  };
  await assertRejects(() => withEach([0, 1, 2, 3, 4, 5, 6, 7], fail, 1), RangeError);
  assertEquals(begun, [0, 1, 2]);
});
