import { assertRejects } from "@std/assert";
import { IrregularFileError, readRegular } from "../../lib/input/files.ts";
import { Files } from "../support/run/files.ts";

Deno.test("a file that becomes a link after a look at it is not followed", async () => {
  await using files = await Files.make({ secret: "", file: "" });
  const [path, link] = [files.path("file"), files.path("link")];
  await Deno.symlink(files.path("secret"), link);
  const reading = readRegular(path, { followLinks: false, maxBytes: 100 });
  // The look is over by then, and nothing else has begun.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
  Deno.renameSync(link, path);
  await assertRejects(() => reading, IrregularFileError);
});
