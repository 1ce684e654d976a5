/**
 * Control groups of our own, of version 1 or 2, whatever the machine has.
 *
 * @module
 */

/** Limits of a group of processes; none if absent. */
export interface Limits {
  /** Bytes. */
  memory?: number;
  /** Share of one processor, as Kubernetes counts it: `0.1` is `100m`. */
  cpu?: number;
}

/** Names of the files in a version of control groups. */
interface Version {
  /** Directories of the hierarchies that count memory and processor time. */
  roots: readonly string[];
  /** Names of the files of a group. */
  peak: string;
  memory: string;
  /** Set too, so that memory is not merely swapped out; not every kernel has it. */
  swap: readonly [file: string, most: (memory: number) => number];
  cpu: readonly [file: string, value: (quota: number) => string];
}

/** In which a share of the processor has to be used up, in microseconds: the kernel's default. */
const PERIOD = 100_000;

const VERSIONS: readonly Version[] = [
  {
    roots: ["/sys/fs/cgroup/memory", "/sys/fs/cgroup/cpu"],
    peak: "memory.max_usage_in_bytes",
    memory: "memory.limit_in_bytes",
    swap: ["memory.memsw.limit_in_bytes", (memory) => memory],
    cpu: ["cpu.cfs_quota_us", String],
  },
  {
    roots: ["/sys/fs/cgroup"],
    peak: "memory.peak",
    memory: "memory.max",
    swap: ["memory.swap.max", () => 0],
    cpu: ["cpu.max", (quota) => `${quota} ${PERIOD}`],
  },
];

/** The shell joins the groups, then becomes the program. */
const JOIN = 'for group in $1; do echo $$ >"$group/cgroup.procs"; done; shift; exec "$@"';

/** A group without processes. Leaving the scope removes it; its processes have to have ended. */
export class ControlGroup implements Disposable {
  readonly #version: Version;
  readonly #directories: readonly string[];

  private constructor(version: Version, name: string) {
    this.#version = version;
    this.#directories = version.roots.map((root) => `${root}/${name}`);
  }

  /**
   * Makes a group.
   *
   * @param limits What it may take.
   * @returns The group; none if the machine lets us make none that counts memory.
   */
  static make(limits: Limits = {}): ControlGroup | undefined {
    for (const version of VERSIONS) {
      const group = new ControlGroup(version, `ovs-mirror-bench-${crypto.randomUUID()}`);
      try {
        for (const directory of group.#directories) Deno.mkdirSync(directory);
        Deno.statSync(group.#file(version.peak));
        group.#limit(limits);
        return group;
      } catch {
        group[Symbol.dispose]();
      }
    }
    return undefined;
  }

  /** The command line that runs another one in the group. */
  get through(): string[] {
    return ["sh", "-c", JOIN, "sh", this.#directories.join(" ")];
  }

  /** The most that was charged at a time, in bytes. */
  get peak(): number {
    return Number(Deno.readTextFileSync(this.#file(this.#version.peak)));
  }

  [Symbol.dispose](): void {
    for (const directory of this.#directories) {
      try {
        Deno.removeSync(directory);
      } catch (error) {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
      }
    }
  }

  #limit({ memory, cpu }: Limits): void {
    const { memory: file, swap: [swap, most], cpu: [share, value] } = this.#version;
    if (cpu !== undefined) this.#write(share, value(Math.round(cpu * PERIOD)));
    if (memory === undefined) return;
    this.#write(file, String(memory));
    if (exists(this.#file(swap))) this.#write(swap, String(most(memory)));
  }

  #write(file: string, value: string): void {
    Deno.writeTextFileSync(this.#file(file), value);
  }

  /** A file of memory's directory if it is there, of the processor's otherwise. */
  #file(name: string): string {
    const paths = this.#directories.map((directory) => `${directory}/${name}`);
    return paths.find(exists) ?? paths[0]!;
  }
}

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}
