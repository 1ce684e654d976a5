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
