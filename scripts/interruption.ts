/**
 * The end that a person or a job's control asks for by a signal.
 *
 * @module
 */

/** Exit statuses of a program that a signal has ended. */
const EXIT_STATUS = { SIGINT: 130, SIGTERM: 143 } as const;

type Name = keyof typeof EXIT_STATUS;

/**
 * Takes SIGINT and SIGTERM from now on, so that what is under way can be taken down first.
 *
 * @returns Aborted by such a signal, with its name as the reason.
 */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const name of Object.keys(EXIT_STATUS) as Name[]) {
    Deno.addSignalListener(name, () => controller.abort(name));
  }
  return controller.signal;
}

/**
 * The exit status that tells of an interruption.
 *
 * @param signal One of {@linkcode interruption} that was aborted.
 * @returns As shells have it.
 */
export function exitStatus({ reason }: AbortSignal): number {
  return EXIT_STATUS[reason as Name];
}
