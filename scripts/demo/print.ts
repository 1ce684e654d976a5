/**
 * Prints the demo's headings, fields and tables.
 *
 * @module
 */

/** Width of a field's name. */
const NAME_WIDTH = 9;

/**
 * Prints a heading.
 *
 * @param text One line.
 */
export function heading(text: string): void {
  console.log(`\n%c${text}`, "font-weight: bold");
}

/**
 * Prints a field, its name at the first line only.
 *
 * @param name What it is about.
 */
export function field(name: string, ...lines: string[]): void {
  for (const [index, line] of lines.entries()) {
    console.log(`  ${(index === 0 ? name : "").padEnd(NAME_WIDTH)} ${line}`.trimEnd());
  }
}

/**
 * Lays out columns, each as wide as its widest cell.
 *
 * @param rows Rows of cells.
 * @returns A line per row.
 */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const width = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(width(column))).join("  "));
}

/**
 * Prints a table.
 *
 * @param rows Rows of cells, the first of them the heading.
 */
export function table(rows: readonly (readonly string[])[]): void {
  const [head, ...body] = columns(rows).map((line) => `  ${line}`.trimEnd());
  console.log(`\n%c${head}`, "text-decoration: underline");
  console.log(body.join("\n") + "\n");
}

/**
 * Counts things in words.
 *
 * @param number How many.
 * @param thing What one is called.
 * @returns Such as `1 packet` or `3 packets`.
 */
export function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? "" : "s"}`;
}
