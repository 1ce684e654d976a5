import { assertEquals } from "@std/assert";
import { MemoryDirectory } from "../../../tests/model/switch/memory.ts";
import { FileError } from "../../input/files.ts";
import { readEntries } from "./all_records.ts";
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
