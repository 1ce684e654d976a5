import { assertEquals, assertRejects } from "@std/assert";
import { Deadline, inTime, SlowFileError } from "./deadline.ts";

Deno.test("inTime() gives what came in time, and an error that is none of time as it is", async () => {
  const { signal } = new AbortController();
  const deadline = new Deadline(1000, signal);
  assertEquals(await inTime(Promise.resolve(1), deadline, "/f"), 1);
  const failing = Promise.reject(new RangeError("x"));
  await assertRejects(() => inTime(failing, deadline, "/f"), RangeError, "x");
  const message = "the file system did not answer in time at /f";
  // What came too late counts as late, also where the signal has not been seen yet.
  const over = new Deadline(0, signal);
  assertEquals(over.left, 0);
  await assertRejects(() => inTime(Promise.resolve(1), over, "/f"), SlowFileError, message);
  const aborted = new Deadline(1000, AbortSignal.abort());
  await assertRejects(() => inTime(new Promise(() => {}), aborted, "/f"), SlowFileError, message);
});
