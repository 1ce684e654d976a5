/**
 * The part of HTTP/1.1 that a scrape needs: one request for each connection, without a body.
 *
 * Source: RFC 9110 and RFC 9112.
 *
 * @module
 */

/** A request. */
export interface HttpRequest {
  method: string;
  /** Path that is asked for, without a query. */
  path: string;
  /** The media types that it accepts; any unless it says so. */
  accept?: string;
}

/** A response. */
export interface HttpResponse {
  status: keyof typeof REASONS;
  /** Headers besides those that each response has. */
  headers?: Readonly<Record<string, string>>;
  body: Uint8Array;
}

const REASONS = {
  200: "OK",
  400: "Bad Request",
  404: "Not Found",
  405: "Method Not Allowed",
  431: "Request Header Fields Too Large",
  500: "Internal Server Error",
  503: "Service Unavailable",
} as const;

const REQUEST_LINE = /^([A-Z]+) (\S+) HTTP\/1\.([01])$/;
const HEADER = /^([\w!#$%&'*+.^\x60|~-]+):[ \t]*(.*?)[ \t]*$/;
const HOST = /^([\w.~!$&'()*+,;=%-]*|\[[\da-f:.]+\])(:\d*)?$/i;

/**
 * Reads the head of a request.
 *
 * @param text The request line and the headers, without the empty line after them.
 * @returns The request; nothing if it is not valid.
 */
export function parseRequest(text: string): HttpRequest | undefined {
  const [first, ...lines] = text.split(/\r?\n/);
  const [, method, target, minor] = REQUEST_LINE.exec(first!) ?? [];
  const headers = new Map<string, string>();
  for (const line of lines) {
    const [, name, value] = HEADER.exec(line) ?? [];
    if (name === undefined) return undefined;
    const before = headers.get(name.toLowerCase());
    headers.set(name.toLowerCase(), before === undefined ? value! : `${before}, ${value}`);
  }
  const host = headers.get("host") ?? (minor === "0" ? "" : undefined);
  if (method === undefined || host === undefined || !HOST.test(host)) return undefined;
  // A proxy is given a whole URL.
  const path = target!.replace(/^https?:\/\/[^/?]*/i, "").replace(/\?.*/, "") || "/";
  return { method, path, accept: headers.get("accept") };
}

/**
 * Makes a response of plain text.
 *
 * @param headers Headers besides those that each response has.
 */
export function textResponse(
  status: HttpResponse["status"],
  text: string,
  headers?: HttpResponse["headers"],
): HttpResponse {
  return { status, headers, body: new TextEncoder().encode(text) };
}

/**
 * Writes a response, after which the connection ends.
 *
 * @param method The request's method; without the body for `HEAD`.
 * @returns Its bytes, in two parts, as the body may be long and others' too.
 */
export function formatResponse(
  { status, headers, body }: HttpResponse,
  method: string,
): Uint8Array[] {
  const fields = {
    "content-type": "text/plain; charset=utf-8",
    ...headers,
    "content-length": body.length,
    date: new Date().toUTCString(),
    connection: "close",
  };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`).join("");
  const head = `HTTP/1.1 ${status} ${REASONS[status]}\r\n${lines}\r\n`;
  return [new TextEncoder().encode(head), ...method === "HEAD" ? [] : [body]];
}

/**
 * Chooses among media types by what a request accepts (RFC 9110, 12.5.1).
 *
 * @param accept The header's value; anything is accepted without it.
 * @param types Media types without parameters, the usual one first.
 * @returns The one with the greatest weight, and of several the first; if none is accepted, the
 * usual one.
 */
export function negotiate<T extends string>(
  accept: string | undefined,
  types: readonly [T, ...T[]],
): T {
  const ranges = (accept ?? "*/*").toLowerCase().split(",").map((range) => {
    const [type, ...parameters] = range.split(";").map((part) => part.trim());
    const weight = parameters.find((part) => part.startsWith("q="))?.slice(2);
    return { type: type!, weight: weight === undefined ? 1 : Number(weight) || 0 };
  });
  const weightOf = (type: string): number => {
    // What names the type more exactly counts, whatever its weight.
    const names = [type, type.replace(/\/.*/, "/*"), "*/*"];
    const named = names.map((name) => ranges.filter((range) => range.type === name));
    const weights = (named.find((found) => found.length > 0) ?? []).map(({ weight }) => weight);
    return Math.max(0, ...weights);
  };
  return types.reduce((best, type) => weightOf(type) > weightOf(best) ? type : best);
}
