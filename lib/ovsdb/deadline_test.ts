import { assertEquals, assertRejects } from "@std/assert";
import { untilAborted } from "./deadline.ts";
import { DeadlineError } from "./error.ts";

const never = new Promise<never>(() => {});

Deno.test("untilAborted() waits for ever without a signal", async () => {
  assertEquals(await untilAborted(Promise.resolve(1), undefined, "late"), 1);
});

Deno.test("untilAborted() passes on a value and an error", async () => {
  const { signal } = new AbortController();
  assertEquals(await untilAborted(Promise.resolve(1), signal, "late"), 1);
  const failed = Promise.reject(new RangeError("x"));
  await assertRejects(() => untilAborted(failed, signal, "late"), RangeError, "x");
});

Deno.test("untilAborted() stops waiting when the signal is aborted", async () => {
  const controller = new AbortController();
  const waiting = untilAborted(never, controller.signal, "too slow");
  controller.abort();
  await assertRejects(() => waiting, DeadlineError, "too slow");
});

Deno.test("untilAborted() does not wait on a signal aborted before", async () => {
  await assertRejects(() => untilAborted(never, AbortSignal.abort(), "too slow"), DeadlineError);
});

Deno.test("untilAborted() leaves no listener behind", async () => {
  const controller = new AbortController();
  let listeners = 0;
  const { signal } = controller;
  const add = signal.addEventListener.bind(signal),
    remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...args: Parameters<typeof add>) => (listeners++, add(...args));
  signal.removeEventListener = (
    ...args: Parameters<typeof remove>
  ) => (listeners--, remove(...args));
  await untilAborted(Promise.resolve(), signal, "late");
  await Promise.resolve();
  assertEquals(listeners, 0);
});

Deno.test("untilAborted() handles the failure of what it did not wait for", async () => {
  const waiting = untilAborted(Promise.reject(new Error("late")), AbortSignal.abort(), "too slow");
  await assertRejects(() => waiting, DeadlineError);
});
