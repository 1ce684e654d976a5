/**
 * Processes of the machine.
 *
 * @module
 */

/**
 * Looks for processes that have to do with a directory.
 *
 * @param directory Its path.
 * @returns Ids of the processes whose command line has it.
 */
export async function processesNaming(directory: string): Promise<number[]> {
  const found: number[] = [];
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const command = await Deno.readTextFile(`/proc/${name}/cmdline`).catch(() => "");
    if (command.includes(directory)) found.push(Number(name));
  }
  return found;
}
