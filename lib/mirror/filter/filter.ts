/**
 * A consumer's filter: the packets that a mirror copies, in flow syntax (ovs-fields(7)).
 *
 * ovs-vswitchd only logs an invalid filter and then drops the whole mirror. So filters are checked
 * here, by the rules of its `parse_ofp_exact_flow`: unlike those of other flows they allow no mask,
 * and a field only after its prerequisite (`tcp,tcp_dst=80`).
 *
 * @module
 */

import { isPrintable, quote } from "../../input/shape.ts";
import { type Field, fieldNamed, isMet, PROTOCOLS } from "./fields.ts";
import { readValue } from "./values.ts";
import { Refusal } from "../refusal.ts";

/** Longest filter, in characters. */
const MAX_FILTER = 4096;

const SYNTAX = "write fields of ovs-fields(7) with one comma between them, such as tcp,tcp_dst=443";
const PRODUCERS = "leave it out: what a mirror copies from is decided by its producers";
const WHOLE_VALUES = "give one whole value; for several, use several mirrors";

/** An error in a part of a filter, and how to correct it. */
interface Fault {
  problem: string;
  hint: string;
}

/**
 * Checks a filter.
 *
 * @param text The filter, such as `tcp,tcp_dst=443`.
 * @returns The filter, unchanged.
 * @throws {Refusal} Open vSwitch would not accept it, or would misunderstand it.
 */
export function parseFilter(text: string): string {
  const known = new Map<string, number>();
  for (const part of split(text)) {
    const fault = read(part, known);
    if (fault) throw refusal(`the filter at ${quote(part)}: ${fault.problem}`, fault.hint);
  }
  return text;
}

/** Splits a filter into its parts: at commas and spaces, as ovs-vswitchd does. */
function split(text: string): string[] {
  if (text.length > MAX_FILTER) {
    throw refusal(`the filter is longer than ${MAX_FILTER} characters`, "use a shorter one");
  }
  if (!isPrintable(text) || /["'`\\]/.test(text)) {
    throw refusal("the filter holds characters that no filter may have", SYNTAX);
  }
  const pieces = text.split(",").map((piece) => piece.trim());
  const empty = pieces.indexOf("");
  if (empty < 0) return pieces.flatMap((piece) => piece.split(/ +/));
  if (pieces.length === 1) {
    throw refusal("the filter is empty", 'leave "filter" out to mirror all packets');
  }
  const place = empty > 0 ? `behind ${quote(pieces[empty - 1]!)}` : "at its start";
  throw refusal(`the filter has a comma too many, ${place}`, SYNTAX);
}

/** Adds a part to the known values of fields, and returns what is wrong with it. */
function read(part: string, known: Map<string, number>): Fault | undefined {
  const end = part.indexOf("=");
  const name = end < 0 ? part : part.slice(0, end);
  const value = end < 0 ? undefined : part.slice(end + 1);
  const protocol = PROTOCOLS.get(name);
  if (protocol) return readProtocol(name, value, protocol, known);
  if (name === "in_port" || name === "in_port_oxm") {
    return { problem: "a filter can't ask for a port", hint: PRODUCERS };
  }
  const field = fieldNamed(name);
  return field
    ? readField(name, value, field, known)
    : { problem: `there is no field ${quote(name)}`, hint: SYNTAX };
}

function readProtocol(
  name: string,
  value: string | undefined,
  fields: Readonly<Record<string, number>>,
  known: Map<string, number>,
): Fault | undefined {
  if (value !== undefined) return { problem: `${name} takes no value`, hint: SYNTAX };
  for (const [place, number] of Object.entries(fields)) {
    if (known.has(place)) return repeated(place);
    known.set(place, number);
  }
}

function readField(
  name: string,
  value: string | undefined,
  { kind, place, needs }: Field,
  known: Map<string, number>,
): Fault | undefined {
  if (!value) return { problem: `${name} has no value`, hint: SYNTAX };
  if (value.includes("/") || value === "*") {
    return { problem: "Open vSwitch takes no mask in a filter", hint: WHOLE_VALUES };
  }
  if (!isMet(needs, known)) {
    return { problem: `${name} needs ${needs} before it`, hint: `write ${needs} first` };
  }
  if (known.has(place)) return repeated(place);
  const result = readValue(kind, value);
  if (typeof result === "number") return void known.set(place, result);
  return { problem: `${quote(value)} is not ${result.wanted}`, hint: `correct ${name}` };
}

function repeated(place: string): Fault {
  return { problem: `${place} is given twice`, hint: WHOLE_VALUES };
}

function refusal(message: string, hint: string): Refusal {
  return new Refusal("invalid configuration", message, hint);
}
