/**
 * Names of containers and networks.
 *
 * Source: CNI specification, sections "Parameters" and "Network configuration format".
 *
 * @module
 */

/**
 * Whether a text is a letter or digit, followed by letters, digits, `_`, `.` and `-`.
 *
 * @param text The text.
 * @returns Whether a container or a network may be called that.
 */
export function isIdentifier(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(text);
}
