/**
 * A program that sends frames from an interface: those that it is given, in hexadecimal, by line.
 *
 * @module
 */

import { openPacketSocket } from "./packet_socket.ts";

const [ifname] = Deno.args;
const socket = openPacketSocket(ifname!);
const given = await new Response(Deno.stdin.readable).text();
for (const line of given.trim().split("\n")) socket.send(Uint8Array.fromHex(line));
