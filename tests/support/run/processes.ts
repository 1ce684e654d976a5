/**
 * Processes of the machine.
 *
 * @module
 */

/**
 * Looks for processes that have to do with a directory.
 *
 * @returns Ids of the processes whose command line or environment has it.
 */
export async function processesNaming(directory: string): Promise<number[]> {
  const found: number[] = [];
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const texts = await Promise.all(
      ["cmdline", "environ"].map((file) =>
        Deno.readTextFile(`/proc/${name}/${file}`).catch(() => "")
      ),
    );
    if (texts.some((text) => text.includes(directory))) found.push(Number(name));
  }
  return found;
}
