/**
 * All orders in which calls at the same time may do what they do.
 *
 * A call does the same again when it is told the same, so what can follow depends on the switch,
 * the records and what each call was told alone. Orders that lead to the same of these are
 * followed once from there, and counted all the same.
 *
 * @module
 */

import type { PluginRequest } from "../../../lib/cni/skel.ts";
import type { Role } from "../../../lib/mirror/role.ts";
import type { Tables } from "../database/row.ts";
import { Actor, type Move } from "./actor.ts";
import { digest } from "./digest.ts";
import { type Outcome, World } from "./world.ts";

/** A call of a plugin. */
export interface Act {
  role: Role;
  request: PluginRequest;
}

/** The start of an exploration. */
export interface Beginning {
  tables: Tables;
  files: ReadonlyMap<string, string>;
  acts: readonly Act[];
  /** Number of calls that are killed or cut off. */
  faults: number;
}

/** One order that was followed to its end. */
export interface Ending {
  world: World;
  actors: readonly Actor<Outcome>[];
  /** The switch before, after each move, and at the end. */
  trail: readonly Tables[];
  /** For each actor, how long the trail was when it came to its end. */
  ends: readonly number[];
  /** The steps so far, for messages. */
  path: string;
}

/** Result of an exploration. */
export interface Exploration {
  /** In how many orders all can happen. */
  orders: bigint;
  /** Number of states reached. */
  states: number;
  /** Number of different ends. */
  endings: number;
}

/** An actor that does more than this does not come to an end. */
const MAX_MOVES = 60;

/** Calls that lead through more situations do not settle, and would take all memory. */
const MAX_STATES = 300_000;

/** A move of an actor. */
interface Choice {
  actor: number;
  move: Move;
  /** The database's reply, once there is one. */
  told?: unknown;
}

/** A way that has not been followed yet: what happened, and what is to be next. */
interface Lead {
  path: readonly Choice[];
  trail: readonly Tables[];
  next?: Choice;
}

/**
 * Follows all orders.
 *
 * @param beginning Where the calls begin.
 * @param judge Gets each ending.
 * @returns How many there were.
 */
export async function explore(
  beginning: Beginning,
  judge: (ending: Ending) => Promise<void>,
): Promise<Exploration> {
  using _pauses = withoutPauses();
  const followers = new Map<string, string[]>();
  let endings = 0;
  const leads: Lead[] = [{ path: [], trail: [beginning.tables] }];
  for (let lead = leads.pop(); lead; lead = leads.pop()) {
    const run = await Run.repeat(beginning, lead);
    for (let { next } = lead, before = next && run.state;;) {
      if (next) await run.make(next);
      const { state, choices: [first, ...others] } = run;
      if (before !== undefined) followers.get(before)!.push(state);
      if (followers.has(state)) break;
      followers.set(state, []);
      if (followers.size > MAX_STATES) throw new Error("the calls do not settle");
      if (!first) {
        endings++;
        await judge(run.ending);
        break;
      }
      leads.push(...others.map((next) => run.leadTo(next)));
      [next, before] = [first, state];
    }
  }
  return { orders: countPaths(followers), states: followers.size, endings };
}

/** A call pauses before it tries again, so that others come first; here they do anyway. */
function withoutPauses(): Disposable {
  const { setTimeout } = globalThis;
  const atOnce = (act: () => void) => {
    queueMicrotask(act);
    return 0;
  };
  Object.assign(globalThis, { setTimeout: atOnce });
  return { [Symbol.dispose]: () => void Object.assign(globalThis, { setTimeout }) };
}

/** How many ways lead from the first state to ones with none after it. */
function countPaths(followers: ReadonlyMap<string, readonly string[]>): bigint {
  const known = new Map<string, bigint>();
  const count = (state: string): bigint => {
    const before = known.get(state);
    if (before !== undefined) return before;
    const after = followers.get(state)!;
    const paths = after.length === 0 ? 1n : after.reduce((sum, one) => sum + count(one), 0n);
    known.set(state, paths);
    return paths;
  };
  return count(followers.keys().next().value!);
}

/** Calls on their way. */
class Run {
  readonly #path: Choice[] = [];
  readonly #trail: Tables[];
  readonly #world: World;
  readonly #actors: Actor<Outcome>[];
  readonly #ends: number[];
  readonly #faults: number;

  private constructor({ tables, files, acts, faults }: Beginning) {
    this.#world = new World(tables, files);
    this.#actors = acts.map(() => new Actor());
    this.#trail = [tables];
    this.#ends = acts.map(() => 0);
    this.#faults = faults;
  }

  /** Lets the same happen again; the database need not work for it. */
  static async repeat(beginning: Beginning, { path, trail }: Lead): Promise<Run> {
    const run = new Run(beginning);
    for (const [index, { role, request }] of beginning.acts.entries()) {
      const actor = run.#actors[index]!;
      actor.start(() =>
        run.#world.call(`${index}`, role, request, (act, cut) => actor.do(act, cut))
      );
      await actor.rest();
    }
    for (const [index, choice] of path.entries()) {
      run.#world.tables = trail[index]!;
      await run.make(choice, trail[index + 1]);
    }
    return run;
  }

  /** What is left to do after what has happened, if that is what follows. */
  leadTo(next: Choice): Lead {
    return { path: [...this.#path], trail: [...this.#trail], next };
  }

  /** All that what follows depends on. */
  get state(): string {
    const told = this.#actors.map(({ heard, struck }) =>
      `${heard} ${struck === "is killed" ? struck : struck !== undefined}`
    );
    return digest([this.#world, ...told].join("\n"));
  }

  /** What may happen next. */
  get choices(): Choice[] {
    const struck = this.#actors.filter((actor) => actor.struck).length;
    return this.#actors.flatMap((one, actor) =>
      one.moves(struck < this.#faults).map((move): Choice => ({ actor, move }))
    );
  }

  /** Makes a move; if it is known what became of the switch by it, that. */
  async make({ actor: index, move, told }: Choice, after?: Tables): Promise<void> {
    const actor = this.#actors[index]!;
    if (this.#path.length === MAX_MOVES) throw new Error("the calls do not end");
    const heard = actor.move(move, told);
    this.#path.push({ actor: index, move, told: heard });
    if (after) this.#world.tables = after;
    if (move !== "is killed") await actor.rest();
    this.#trail.push(this.#world.tables);
    if (actor.outcome) this.#ends[index] ||= this.#trail.length;
  }

  get ending(): Ending {
    const path = this.#path.map(({ actor, move }) =>
      move === "goes on" ? `${actor}` : `${actor} ${move}`
    );
    return {
      world: this.#world,
      actors: this.#actors,
      trail: this.#trail,
      ends: this.#ends.map((end) => end || this.#trail.length),
      path: path.join(", "),
    };
  }
}
