/**
 * A cluster as far as `kubectl ovs-mirror` asks it: a program in kubectl's place that knows pods, runs
 * the real executables in theirs, and prints objects.
 *
 * @module
 */

import { dirname, fromFileUrl } from "@std/path";
import { Files } from "../run/files.ts";
import { executable } from "../cni/plugin.ts";
import { type Finished, run } from "../run/process.ts";

/** The script. */
export const KUBECTL_PLUGIN = fromFileUrl(
  new URL("../../../deploy/kubectl-ovs_mirror", import.meta.url),
);

/** A pod of the DaemonSet. */
export interface NodePod {
  node: string;
  phase?: string;
  containers?: string;
  /** A shell command that answers in place of the program, for `kubectl exec`. */
  answer?: string;
  /** The socket of the node's database. */
  socket?: string;
}

/** Takes the few calls that the script makes. Pods are lines of a file, objects a directory. */
const KUBECTL = `#!/bin/sh
TARGET=web-0
cd "$(dirname "$0")/.."
echo "$*" >>calls
case "$*" in
*--selector*) cat pods ;;
create*) cat >created.json ;;
wait* | delete*) ;;
get*podIP*)
  for word in "$@"; do case $word in ovs-mirror-capture-*) key=\${word##*-}; esac; done
  printf 127.%s.%s.%s $((key >> 16)) $((key >> 8 & 255)) $((key & 255))
  ;;
get*nodeName*) case "$*" in *" $TARGET "*) echo 'shop|worker-1|Running|uid-1' ;; *) exit 1 ;; esac ;;
get*image*) printf registry.example/ovs-mirror-cni:1 ;;
"exec --namespace shop ovs-mirror-capture-"*)
  shift 7
  script=$(printf %s "$1" | sed "s#/opt/ovs-mirror-cni/ovs-mirror-consumer#$PROGRAM#")
  shift
  exec sh -c "$script" "$@"
  ;;
*go-template*) echo 'ids|bare' ;;
"get pod "*) cat bare.yaml ;;
"get crd "*) [ -e machines.yaml ] ;;
*virtualmachines*) cat machines.yaml ;;
"get "*) cat objects.yaml ;;
exec*)
  for word in "$@"; do case $word in pod-*) pod=$word ;; esac; done
  while [ "$1" != -- ]; do shift; done
  shift 2
  if [ -e "$pod.answer" ]; then . "./$pod.answer"; fi
  if [ "$1" = show ]; then set -- "$@" --socket "$(cat "$pod.socket")"; fi
  "$PROGRAM" "$@"
  status=$?
  [ $status = 0 ] || echo "command terminated with exit code $status" >&2
  exit $status
  ;;
esac
`;

/** The stand-in. Leaving the scope removes it. */
export class Cluster implements AsyncDisposable {
  readonly #files: Files;

  private constructor(files: Files) {
    this.#files = files;
  }

  /**
   * Makes it.
   *
   * @param pods The DaemonSet's pods.
   * @param objects Files of what else kubectl prints.
   */
  static async make(
    pods: readonly NodePod[],
    objects: Record<"objects.yaml" | "bare.yaml", string> & { "machines.yaml"?: string } = {
      "objects.yaml": "",
      "bare.yaml": "",
    },
  ): Promise<Cluster> {
    const lines = pods.map(({ node, phase = "Running", containers = "watch metrics" }, index) =>
      `kube-system|pod-${index}|${phase}|${node}|${containers}\n`
    );
    const answers = pods.flatMap(({ answer, socket }, index) => [
      ...answer ? [[`pod-${index}.answer`, answer]] : [],
      ...socket ? [[`pod-${index}.socket`, socket]] : [],
    ]);
    const files = await Files.make({
      calls: "",
      pods: lines.join(""),
      ...objects,
      ...Object.fromEntries(answers),
    });
    await Deno.mkdir(files.path("bin"));
    await Deno.writeTextFile(files.path("bin/kubectl"), KUBECTL, { mode: 0o755 });
    return new Cluster(files);
  }

  /**
   * Runs `kubectl ovs-mirror`.
   *
   * @param env Variables over the usual ones.
   * @param started Gets its process id.
   * @returns What it left.
   */
  async run(
    args: readonly string[],
    env: Record<string, string> = {},
    started?: (pid: number) => void,
  ): Promise<Finished> {
    return await this.#shell([KUBECTL_PLUGIN, ...args], env, started);
  }

  /**
   * Runs `kubectl ovs-mirror` with another program that reads what it prints.
   *
   * @param reader The other program's command line, for the shell.
   * @returns What the other one left.
   */
  async runInto(args: readonly string[], reader: string): Promise<Finished> {
    return await this.#shell(["-c", `sh "$0" "$@" | ${reader}`, KUBECTL_PLUGIN, ...args]);
  }

  #shell(
    args: readonly string[],
    env: Record<string, string> = {},
    started?: (pid: number) => void,
  ): Promise<Finished> {
    const PATH = `${this.#files.path("bin")}:/usr/bin:/bin`;
    const PROGRAM = executable("producer");
    const cwd = dirname(KUBECTL_PLUGIN);
    return run("sh", { args, env: { PATH, PROGRAM, ...env }, clearEnv: true, cwd, started });
  }

  /** Input of the last `kubectl create`. */
  created(): string {
    return Deno.readTextFileSync(this.#files.path("created.json"));
  }

  /** The calls of kubectl so far, in no order. */
  calls(): string[] {
    return Deno.readTextFileSync(this.#files.path("calls")).trim().split("\n");
  }

  /** Removes it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#files[Symbol.asyncDispose]();
  }
}
