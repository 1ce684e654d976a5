/**
 * Finds the place where a text stops being JSON. Loaded only once it could not be parsed.
 *
 * Source: RFC 8259.
 *
 * @module
 */

/** White space, then a string, a number, a word or a sign. */
const TOKEN =
  // deno-lint-ignore no-control-regex
  /[ \t\n\r]*(?:("(?:[^"\\\0-\x1f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)|([{}[\],:]))/y;
const SPACE = /[ \t\n\r]*/y;

/** The next thing allowed: a value, a member's name, or what follows either. */
type Expected = "value" | "first value" | "name" | "first name" | "colon" | "end" | "nothing";

/**
 * Finds the first fault.
 *
 * @param content Bytes that are not JSON in UTF-8.
 * @returns What is wrong and where, without anything of the text.
 */
export function findFault(content: Uint8Array): string {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    return "it is not in UTF-8";
  }
  const open: string[] = [];
  let expected: Expected = "value";
  let comma: number | undefined;
  for (let at = 0;;) {
    TOKEN.lastIndex = at;
    const [whole = "", string, scalar, sign] = TOKEN.exec(text) ?? [];
    const next: Expected | undefined = sign
      ? afterSign(sign, expected, open)
      : afterWord(string !== undefined, string ?? scalar, expected);
    if (!next) {
      const isClosing = sign === "}" || sign === "]";
      return describe(text, at + spaceAt(text, at), isClosing ? comma : undefined);
    }
    at += whole.length;
    comma = sign === "," ? at - 1 : undefined;
    expected = open.length === 0 ? "nothing" : next;
  }
}

/** The token expected behind a string, a number or a name; nothing if it may not stand there. */
function afterWord(isString: boolean, word: string | undefined, expected: Expected) {
  if (word === undefined) return undefined;
  if (expected === "name" || expected === "first name") return isString ? "colon" : undefined;
  return expected === "value" || expected === "first value" ? "end" : undefined;
}

/** The token expected behind a sign; nothing if it may not stand there. */
function afterSign(sign: string, expected: Expected, open: string[]): Expected | undefined {
  const isObject = open.at(-1) === "{";
  switch (sign) {
    case ":":
      return expected === "colon" ? "value" : undefined;
    case ",":
      return expected !== "end" ? undefined : isObject ? "name" : "value";
    case "{":
    case "[":
      if (expected !== "value" && expected !== "first value") return undefined;
      open.push(sign);
      return sign === "{" ? "first name" : "first value";
  }
  const isEmpty = expected === (isObject ? "first name" : "first value");
  if (isObject !== (sign === "}") || !(isEmpty || expected === "end")) return undefined;
  open.pop();
  return "end";
}

function spaceAt(text: string, at: number): number {
  SPACE.lastIndex = at;
  return SPACE.exec(text)![0].length;
}

function describe(text: string, at: number, comma?: number): string {
  if (at === text.length) return "it ends too early";
  const place = comma ?? at;
  const line = text.slice(0, place).split("\n").length;
  const column = place - text.lastIndexOf("\n", place - 1);
  const what = comma !== undefined
    ? "a comma too many"
    : text[at] === "\ufeff"
    ? "a byte order mark"
    : /^(?:\/[/*]|#)/.test(text.slice(at, at + 2))
    ? "a comment"
    : "a fault";
  return `${what} at line ${line}, column ${column}`;
}
