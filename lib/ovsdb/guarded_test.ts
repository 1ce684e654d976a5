import { assert } from "@std/assert";
import { guarded } from "./guarded.ts";
import { guard } from "./operation.ts";
import { OperationError } from "./result.ts";

Deno.test("guarded() lets others have their turn before it tries again", async () => {
  let hadTheirs = false;
  setTimeout(() => hadTheirs = true, 0);
  await guarded((count) =>
    hadTheirs || count === 1000
      ? Promise.resolve()
      : Promise.reject(new OperationError("timed out", undefined, guard("Mirror", [], [])))
  );
  assert(hadTheirs);
});
