import { assert, assertEquals, assertRejects } from "@std/assert";
import { keepAwake } from "./wait_for_switch.ts";

Deno.test("keepAwake() leaves a server alone that answers at once", async () => {
  let count = 0;
  const wake = () => Promise.resolve(++count);
  assertEquals(await keepAwake(Promise.resolve("answer"), wake), "answer");
  await assertRejects(() => keepAwake(Promise.reject(new TypeError("no")), wake), TypeError);
  assertEquals(count, 0);
});

Deno.test("keepAwake() wakes a server until it has answered, whatever comes of it", async () => {
  const { promise, resolve } = Promise.withResolvers<string>();
  let count = 0;
  const wake = () => {
    if (++count === 3) resolve("answer");
    return Promise.reject(new Error("the server is busy"));
  };
  assertEquals(await keepAwake(promise, wake), "answer");
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert(count === 3, `${count} times`);
});
