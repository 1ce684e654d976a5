/**
 * Datagrams that the kernel dropped because a socket's buffer was full.
 *
 * @module
 */

import type { Address } from "../listen.ts";

/** Columns of a line of `/proc/net/udp`: the socket's own address, and its drops. */
const LOCAL_ADDRESS = 1;
const DROPS = 12;

/** Most bytes of a table that are read, and milliseconds for it. */
const MAX_BYTES = 2 ** 22;
const MAX_TIME = 500;

/**
 * Reads the count from standard input. The executables may not read `/proc` themselves, as Deno
 * gives that only to programs that may do everything; a shell can give them the table.
 *
 * @param address The socket's own address.
 * @returns Datagrams dropped; absent if standard input is no table, or has no such socket.
 */
export async function readDrops(address: Address): Promise<number | undefined> {
  if (Deno.stdin.isTerminal()) return undefined;
  const late = new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), MAX_TIME));
  return await Promise.race([late, readTable().then((table) => findDrops(table, address))]);
}

async function readTable(): Promise<string> {
  const decoder = new TextDecoder();
  const piece = new Uint8Array(2 ** 16);
  let table = "";
  while (table.length < MAX_BYTES) {
    const count = await Deno.stdin.read(piece);
    if (count === null) break;
    table += decoder.decode(piece.subarray(0, count), { stream: true });
  }
  return table;
}

/**
 * Finds the count in a table of the kernel's UDP sockets.
 *
 * @param table What `/proc/net/udp` or `/proc/net/udp6` has.
 * @param address The socket's own address.
 * @returns Datagrams dropped; absent if the table has no such socket.
 */
export function findDrops(table: string, address: Address): number | undefined {
  const wanted = kernelText(address);
  for (const line of table.split("\n")) {
    const columns = line.trim().split(/\s+/);
    if (columns[LOCAL_ADDRESS] === wanted) return Number(columns[DROPS]);
  }
  return undefined;
}

/** An address as the kernel prints it: words in the order of the host, which is little-endian. */
function kernelText({ hostname, port }: Address): string {
  const bytes = hostname.includes(":") ? ipv6Bytes(hostname) : hostname.split(".").map(Number);
  const words = Array.from(
    { length: bytes.length / 4 },
    (_, index) =>
      bytes.slice(4 * index, 4 * index + 4).toReversed().map((byte) => hex(byte, 2)).join(""),
  );
  return `${words.join("")}:${hex(port, 4)}`;
}

function ipv6Bytes(text: string): number[] {
  const [before, after] = text.replace(/%.*/, "").split("::").map((half) =>
    half.split(":").filter((group) => group !== "").flatMap((group) => {
      const value = parseInt(group, 16);
      return [value >> 8, value & 0xff];
    })
  ) as [number[], number[]?];
  if (!after) return before;
  return [...before, ...Array(16 - before.length - after.length).fill(0), ...after];
}

function hex(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, "0");
}
