/**
 * A plugin in the chain of a pod's network, with all that a runtime passes to it.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { assertFailure, assertSuccess, type CniErrorObject } from "./outcome.ts";
import { callPlugin, type PluginOutcome, type PluginRequest, type RoleName } from "./plugin.ts";

/** Members of a network configuration, or of a result. */
export type Config = Record<string, unknown>;

/** Runs something that must change nothing: no row, no file. */
export type Unchanged = <T>(action: () => Promise<T>) => Promise<T>;

/** A plugin with its configuration, ready to be called. */
export class ChainedPlugin {
  /**
   * @param role Which of the two.
   * @param request What the runtime passes.
   * @param unchanged Watches over what a plugin could change.
   */
  constructor(
    readonly role: RoleName,
    readonly request: PluginRequest,
    readonly unchanged: Unchanged,
  ) {}

  /** The same, but for some things. */
  with({ config, env, ...others }: Partial<PluginRequest>): ChainedPlugin {
    const request = {
      ...this.request,
      ...others,
      config: { ...this.request.config, ...config },
      env: { ...this.request.env, ...env },
    };
    return new ChainedPlugin(this.role, request, this.unchanged);
  }

  /** Calls it. */
  async call(command: string): Promise<PluginOutcome> {
    return await callPlugin(this.role, { ...this.request, command });
  }

  /** Calls it; it must succeed. Returns what it printed, if anything. */
  async run(command: string): Promise<Config | undefined> {
    return assertSuccess(await this.call(command));
  }

  /** Calls it; it must succeed and print nothing. */
  async silently(command: string): Promise<void> {
    assertEquals(await this.run(command), undefined);
  }

  /** ADD, which must succeed. Returns the result. */
  async add(): Promise<Config | undefined> {
    return await this.run("ADD");
  }

  /** CHECK, which must succeed, print nothing and change nothing. */
  async check(): Promise<void> {
    await this.unchanged(() => this.silently("CHECK"));
  }

  /** DEL, which must succeed and print nothing. */
  async del(): Promise<void> {
    await this.silently("DEL");
  }

  /** Calls it; it must fail with a code and some words, and change nothing. */
  async fails(command: string, code: number, ...words: string[]): Promise<CniErrorObject> {
    const outcome = await this.unchanged(() => this.call(command));
    return assertFailure(outcome, code, ...words);
  }
}

/** A mirror of a producer's configuration: what the switch receives from the port. */
export function ingress(name: string): Config {
  return { name, ingress: true };
}

/** A mirror of a producer's configuration: what the switch sends to the port. */
export function egress(name: string): Config {
  return { name, egress: true };
}

/** A mirror of a producer's configuration: both directions. */
export function both(name: string): Config {
  return { name, ingress: true, egress: true };
}
