/**
 * Stands in for `command.ts` in the executables, where the commands are compressed: they are most
 * of the program, and no runtime ever calls them.
 *
 * @module
 */

const packed = await Deno.readFile(new URL("command.js.br", import.meta.url));
const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream("brotli"));
const source = encodeURIComponent(await new Response(unpacked).text());

/** The exports of `command.ts`. */
export const { runCommand } = await import(
  `data:text/javascript,${source}`
) as typeof import("./command.ts");
