/**
 * A policy of the node's administrator, at its usual place, for one process alone.
 *
 * @module
 */

import { dirname } from "@std/path";
import type { Ovsdb } from "../ovs/ovsdb.ts";

/** The plugins' default path of the policy. */
export const POLICY = "/etc/ovs-mirror-cni/policy.json";

/**
 * Runs a program in a mount namespace whose root directory is root's, also where another user made
 * it, and has all that the machine's has but for `/etc`.
 */
const SCRIPT = `
mount -t tmpfs -o mode=0755 tmpfs "$0/root"
for directory in /*; do
  if [ -L "$directory" ]; then
    cp -P "$directory" "$0/root"
  elif [ -d "$directory" ] && [ "$directory" != /etc ]; then
    mkdir "$0/root$directory"
    mount --rbind "$directory" "$0/root$directory"
  fi
done
mkdir "$0/root/etc"
mount --rbind "$0/etc" "$0/root/etc"
exec chroot "$0/root" "$@"
`;

/** A policy that plugins find if they are run through a command line. */
export class PolicyFile {
  readonly #root: string;

  private constructor(root: string) {
    this.#root = root;
  }

  /**
   * Makes the place for it, without a policy.
   *
   * @param db The database; all is in its directory.
   */
  static async make({ directory }: Ovsdb): Promise<PolicyFile> {
    const made = new PolicyFile(`${directory}/node`);
    await Deno.mkdir(`${directory}/node/root`, { recursive: true });
    await Deno.mkdir(dirname(made.path), { recursive: true, mode: 0o755 });
    return made;
  }

  /** Path of the test's policy. */
  get path(): string {
    return this.#root + POLICY;
  }

  /** The command line that runs a program where the policy is at its place. */
  get through(): string[] {
    const asRoot = Deno.uid() === 0 ? [] : ["--map-root-user"];
    return ["unshare", "--mount", ...asRoot, "sh", "-ec", SCRIPT, this.#root];
  }

  /**
   * Puts a policy in its place at once.
   *
   * @param policy The policy, or a text.
   */
  async write(policy: unknown): Promise<void> {
    const text = typeof policy === "string" ? policy : JSON.stringify(policy);
    await Deno.writeTextFile(`${this.path}.new`, text, { mode: 0o644 });
    await Deno.rename(`${this.path}.new`, this.path);
  }
}
