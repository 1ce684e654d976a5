/**
 * The modules of a program that a call loads.
 *
 * V8 parses a module when it is loaded, whether it is used or not, so their number and length are
 * what start-up costs beyond the runtime. They are counted by running the very bundle that is
 * compiled into the executable under `deno run`, which tells for coverage what was loaded.
 *
 * @module
 */

import { fromFileUrl } from "@std/path";
import { bundle } from "../../../scripts/build.ts";
import { environment, type PluginRequest, type RoleName, standardInput } from "./plugin.ts";
import { run } from "../run/process.ts";

/** The modules that a call loaded. */
export interface Loaded {
  /** Their number. */
  modules: number;
  /** Their length in bytes. */
  code: number;
}

/** The bundle of a role. Leaving the scope removes it. */
export class Bundle implements AsyncDisposable {
  readonly #role: RoleName;
  readonly #directory: string;

  private constructor(role: RoleName, directory: string) {
    this.#role = role;
    this.#directory = directory;
  }

  /** Bundles the program of a role. */
  static async make(role: RoleName): Promise<Bundle> {
    const made = new Bundle(role, await Deno.makeTempDir({ prefix: "ovs-mirror-test-" }));
    await using stack = new AsyncDisposableStack();
    stack.use(made);
    await bundle(fromFileUrl(new URL(`../../../${role}.ts`, import.meta.url)), made.#modules);
    stack.move();
    return made;
  }

  get #modules(): string {
    return `${this.#directory}/modules`;
  }

  /**
   * Runs the bundle.
   *
   * @param request What the runtime wants.
   * @returns What was loaded.
   * @throws {Error} The call failed.
   */
  async loadedBy(request: PluginRequest): Promise<Loaded> {
    const coverage = await Deno.makeTempDir({ dir: this.#directory });
    const { code, stdout, stderr } = await run(Deno.execPath(), {
      args: [
        "run",
        "-A",
        "--no-config",
        `--coverage=${coverage}`,
        `${this.#modules}/${this.#role}.js`,
      ],
      stdin: standardInput(this.#role, request),
      env: environment(request),
    });
    if (code !== 0) throw new Error(`${request.command} failed (${code}): ${stdout}${stderr}`);
    const paths = Array.from(
      Deno.readDirSync(coverage),
      ({ name }) => scriptOf(`${coverage}/${name}`),
    );
    return {
      modules: paths.length,
      code: paths.reduce((sum, path) => sum + Deno.statSync(path).size, 0),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.#directory, { recursive: true });
  }
}

/** The module that a report of coverage is about. */
function scriptOf(report: string): string {
  return fromFileUrl(JSON.parse(Deno.readTextFileSync(report)).url);
}
