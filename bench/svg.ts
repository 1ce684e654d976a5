/**
 * Pictures in SVG, as little as plots take.
 *
 * @module
 */

/** Attributes of an element. */
export type Attributes = Readonly<Record<string, string | number>>;

/**
 * An element.
 *
 * @param name Its name.
 * @param attributes Its attributes; numbers are rounded to a tenth.
 * @param content Elements, made by this function.
 * @returns Its text.
 */
export function element(name: string, attributes: Attributes, ...content: string[]): string {
  const start = Object.entries(attributes).map(([key, value]) => ` ${key}="${attribute(value)}"`);
  const open = `<${name}${start.join("")}`;
  return content.length === 0 ? `${open}/>` : `${open}>${content.join("")}</${name}>`;
}

/**
 * Text at a place.
 *
 * @param x Where it starts, or what the class says.
 * @param y Its baseline.
 * @param content What it says.
 * @param kind A class of the picture's style.
 * @returns The element.
 */
export function text(x: number, y: number, content: string, kind = ""): string {
  return element("text", { x, y, class: kind }, escape(content));
}

/**
 * A whole picture.
 *
 * @param width In pixels, as the height.
 * @param height The height.
 * @param title What a screen reader says.
 * @param style Style sheet.
 * @param content Elements.
 * @returns The file's content.
 */
export function picture(
  width: number,
  height: number,
  title: string,
  style: string,
  content: readonly string[],
): string {
  const attributes = {
    xmlns: "http://www.w3.org/2000/svg",
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
    role: "img",
  };
  const head = [element("title", {}, escape(title)), element("style", {}, style)];
  return element("svg", attributes, "\n", [...head, ...content].join("\n"), "\n") + "\n";
}

function attribute(value: string | number): string {
  return typeof value === "number" ? String(Math.round(value * 10) / 10) : escape(value);
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
