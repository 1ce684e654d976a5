/**
 * Text that comes in pieces.
 *
 * @module
 */

/**
 * Cuts a stream into lines.
 *
 * @param stream Text in UTF-8. It is cancelled when the caller stops reading.
 * @returns The lines, without their ends.
 */
export async function* lines(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const piece of stream) {
    const parts = (rest + decoder.decode(piece, { stream: true })).split("\n");
    rest = parts.pop()!;
    yield* parts;
  }
  if (rest !== "") yield rest;
}

/**
 * Reads the first line of a stream, and no more.
 *
 * @param stream Text in UTF-8. It is cancelled.
 * @returns The line, without its end; empty if there is none.
 */
export async function firstLine(stream: ReadableStream<Uint8Array>): Promise<string> {
  for await (const line of lines(stream)) return line;
  return "";
}
