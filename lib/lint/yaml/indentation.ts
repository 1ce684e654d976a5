/**
 * Within quotes and brackets, kubectl does not look at the indentation, as many files show. YAML
 * and the library do.
 *
 * @module
 */

/** A text in quotes, a comment, a bracket, or a word. */
const TOKEN = /"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|(?<=\s)#[^\n]*|[[{]|[\]}]|[^\s,[\]{}]+/gs;

/**
 * Indents the further lines of a value as YAML demands.
 *
 * @param begin Where the value begins, with a quote or an opening bracket.
 * @returns The text, which has as many lines, and where the value ends in it; nothing if the value
 * does not end.
 */
export function indent(text: string, begin: number): { text: string; end: number } | undefined {
  const end = endOf(text, begin);
  if (end === undefined) return undefined;
  const column = begin - text.lastIndexOf("\n", begin);
  const value = text.slice(begin, end).replace(/\n[ \t]*/g, `\n${" ".repeat(column)}`);
  return { text: text.slice(0, begin) + value + text.slice(end), end: begin + value.length };
}

function endOf(text: string, begin: number): number | undefined {
  let depth = 0;
  TOKEN.lastIndex = begin;
  for (let found = TOKEN.exec(text); found; found = TOKEN.exec(text)) {
    const [token] = found;
    if (/^[[{]/.test(token)) depth++;
    else if (/^[\]}]/.test(token)) depth--;
    else if (depth === 0 && !/^["'].*["']$/s.test(token)) return undefined;
    if (depth === 0) return TOKEN.lastIndex;
  }
  return undefined;
}
