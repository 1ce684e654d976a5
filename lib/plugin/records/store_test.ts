import { assertEquals } from "@std/assert";
import { MemoryDirectory } from "../../../tests/model/switch/memory.ts";
import { AttachmentStore } from "./store.ts";

Deno.test("probe() leaves nothing behind", async () => {
  const directory = new MemoryDirectory();
  await new AttachmentStore(directory, "prod").probe();
  assertEquals([...directory.files], []);
});
