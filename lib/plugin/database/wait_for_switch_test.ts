import { assert, assertEquals, assertRejects } from "@std/assert";
import { Refusal } from "../../mirror/refusal.ts";
import type { Operation } from "../../ovsdb/operation.ts";
import { OperationError } from "../../ovsdb/result.ts";
import { EMPTY } from "../../ovsdb/value.ts";
import { keepAwake, waitForSwitch } from "./wait_for_switch.ts";

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

Deno.test("waitForSwitch() leaves time to tell, and says whether the switch or the port is at fault", async () => {
  const ports = [{ id: "p", name: "p1" }, { name: "t1", remote: "gre:192.0.2.10" }];
  const row = { ofport: 1, error: EMPTY };
  const answers = [{}, { rows: [{}] }, { rows: [row] }, { rows: [{}] }, { rows: [row] }];
  const asked: (readonly Operation[])[] = [];
  const wait = (answer: Error | typeof answers, left = 1000) =>
    waitForSwitch(
      {
        transact(operations) {
          asked.push(operations);
          return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
        },
      },
      "br1",
      { ports, number: 7 },
      left,
    );
  for (const left of [1000, 400, 100, 1, 0]) await wait(answers, left);
  const timeouts = asked.map(([first]) => first?.op === "wait" && first.timeout);
  assertEquals(timeouts, [800, 200, 50, 1, 1]);
  const named = (name: string) => [["name", "==", name]];
  assertEquals<unknown>(asked[0]!.map((one) => "where" in one && one.where), [
    ...[[["cur_cfg", ">=", 7]], [["_uuid", "==", ["uuid", "p"]]], named("p1")],
    ...[named("t1"), named("t1")],
  ]);
  const [first] = asked[0]!;
  const late = await assertRejects(() => wait(new OperationError("timed out", "", first)), Refusal);
  assertEquals(late.reason, "not in force");
  const other = new OperationError("constraint violation", "", first);
  assert(await assertRejects(() => wait(other)) === other);
  const gone = await assertRejects(() => wait(answers.with(3, { rows: [] })), Refusal);
  assertEquals(gone.reason, "port not opened");
});
