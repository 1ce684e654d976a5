import { assertEquals, assertRejects } from "@std/assert";
import { withEach } from "./pool.ts";

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
