/**
 * Calls that take turns: what each of them does to what they share, it does when it is told to.
 *
 * @module
 */

import { setImmediate } from "node:timers";
import { digest } from "./digest.ts";

/** Something that an actor is about to do. */
interface Intent {
  act(): unknown;
  /** Breaks the connection that it would use; absent if it uses none. */
  cut?(): Error;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** An actor's next step. */
export type Move =
  /** It does what it is about to do. */
  | "goes on"
  /** It is killed before that. */
  | "is killed"
  /** Its connection breaks before the request, or before the reply. */
  | "loses its request"
  | "loses the reply";

/** A call, seen from outside. */
export class Actor<Outcome> {
  /** Stands for all that it was told so far: two that were told the same do the same. */
  heard = "";
  /** Its outcome. */
  outcome?: Outcome;
  /** The fault that struck it, if any. */
  struck?: Move;
  readonly #intents: Intent[] = [];
  #arrived = Promise.withResolvers<void>();

  /** Sets it going. It stops at the first thing that it wants to do. */
  start(run: () => Promise<Outcome>): void {
    run().then((outcome) => {
      this.outcome = outcome;
      this.#arrived.resolve();
    }, this.#arrived.reject);
  }

  /**
   * Does something when it is this actor's turn.
   *
   * @param act What is done.
   * @param cut Breaks the connection that it uses, and says how the actor learns of that.
   * @returns What came of it.
   */
  do<Value>(act: () => Value, cut?: () => Error): Promise<Value> {
    return new Promise((resolve, reject) => {
      this.#intents.push({ act, cut, resolve: resolve as Intent["resolve"], reject });
      this.#arrived.resolve();
    });
  }

  /** Waits until it has come to its end or to something that it wants to do. */
  async rest(): Promise<void> {
    if (this.#intents.length > 0) await new Promise<void>((resolve) => void setImmediate(resolve));
    else await this.#arrived.promise;
  }

  /** Its possible next steps; of the faults only those that make a difference. */
  moves(withFaults: boolean): Move[] {
    const [intent] = this.#intents;
    if (this.struck === "is killed" || !intent) return [];
    const faults: Move[] = intent.cut
      ? ["is killed", "loses its request", "loses the reply"]
      : ["is killed"];
    return ["goes on", ...(withFaults ? faults : [])];
  }

  /**
   * Lets something happen to it.
   *
   * @param move What.
   * @param told What came of it when the same happened before; it does not happen anew then.
   * @returns What came of it; nothing if that has to happen anew each time.
   */
  move(move: Move, told?: unknown): unknown {
    if (move !== "goes on") this.struck = move;
    if (move === "is killed") return;
    const { act, cut, resolve, reject } = this.#intents.shift()!;
    if (this.#intents.length === 0) this.#arrived = Promise.withResolvers();
    try {
      const value = move === "loses its request" ? undefined : told ?? act();
      if (move !== "goes on") throw cut!();
      this.#hear(JSON.stringify(value) ?? "");
      resolve(value);
      return cut && value;
    } catch (error) {
      this.#hear(`${error}`);
      reject(error);
    }
  }

  #hear(text: string): void {
    this.heard = digest(`${this.heard} ${text}`);
  }
}
