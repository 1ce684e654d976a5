/**
 * Reading of JSON that is passed on as it came.
 *
 * @module
 */

/**
 * Numbers that might not look the same once they were read: long ones, fractions, exponents. Few
 * strings have any in such a place, and versions and addresses none.
 */
const MAY_CHANGE = /(?:^|[[:,\s])(?:-0|-?\d{16}|-?\d{1,15}[.eE])/;

/** Not yet among TypeScript's declarations: numbers that keep their digits. */
const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };

/**
 * Parses JSON so that `JSON.stringify` writes each number digit by digit as it was, also those
 * that a floating-point number can't hold.
 *
 * @returns The value. A number that would change is an opaque object.
 * @throws {SyntaxError} It is not JSON; the message repeats a piece of it, so pass it on to nobody.
 */
export function parseJson(text: string): unknown {
  if (!MAY_CHANGE.test(text)) return JSON.parse(text);
  try {
    return JSON.parse(text, keepDigits as () => unknown);
  } catch (error) {
    // V8 looks at each value recursively, and runs out of stack where plain parsing does not.
    if (error instanceof RangeError) return JSON.parse(text);
    throw error;
  }
}

function keepDigits(_name: string, value: unknown, { source }: { source?: string }): unknown {
  const changes = typeof value === "number" && source !== undefined && String(value) !== source;
  return changes ? rawJSON(source) : value;
}
