import { assert, assertRejects } from "@std/assert";
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

Deno.test("guarded() makes no further attempt when something else than a guard failed", async () => {
  const refused = new OperationError("constraint violation", undefined, guard("Mirror", [], []));
  const attempt = (count: number) => count === 0 ? Promise.reject(refused) : Promise.resolve();
  assert(await assertRejects(() => guarded(attempt)) === refused);
});
