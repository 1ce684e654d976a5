/**
 * Sockets that get and send whole frames.
 *
 * @module
 */

/** Source: packet(7), Linux. */
const AF_PACKET = 17;
const SOCK_RAW = 3;
const ETH_P_ALL = 3;
const SOCKADDR_LL_BYTES = 20;

/** Source: socket(7), Linux. */
const SOL_SOCKET = 1;
const SO_RCVBUFFORCE = 33;

/** Bytes of frames that wait for a program that a busy machine keeps waiting. */
const RECEIVE_BUFFER = 64 * 1024 * 1024;

/** A socket of one interface. */
export interface PacketSocket {
  /** Waits for a frame, puts it into a buffer, and returns its length. */
  receive(buffer: Uint8Array<ArrayBuffer>): Promise<number>;
  /** Sends a frame. */
  send(frame: Uint8Array<ArrayBuffer>): void;
}

/**
 * Opens a socket that gets all frames of an interface. Needs the permission `--allow-ffi`.
 *
 * @param ifname The interface, in the network namespace of this process.
 */
export function openPacketSocket(ifname: string): PacketSocket {
  const { symbols } = Deno.dlopen("libc.so.6", {
    socket: { parameters: ["i32", "i32", "i32"], result: "i32" },
    if_nametoindex: { parameters: ["buffer"], result: "u32" },
    bind: { parameters: ["i32", "buffer", "u32"], result: "i32" },
    recv: { parameters: ["i32", "buffer", "usize", "i32"], result: "isize", nonblocking: true },
    send: { parameters: ["i32", "buffer", "usize", "i32"], result: "isize" },
    setsockopt: { parameters: ["i32", "i32", "i32", "buffer", "u32"], result: "i32" },
  });
  const index = symbols.if_nametoindex(new TextEncoder().encode(`${ifname}\0`));
  const address = new Uint8Array(SOCKADDR_LL_BYTES);
  const view = new DataView(address.buffer);
  view.setUint16(0, AF_PACKET, true);
  view.setUint16(2, ETH_P_ALL);
  view.setUint32(4, index, true);
  const socket = symbols.socket(AF_PACKET, SOCK_RAW, 0);
  if (socket < 0 || index === 0 || symbols.bind(socket, address, address.length) !== 0) {
    throw new Error(`cannot capture at ${ifname}`);
  }
  // Where it is not allowed the usual room has to do.
  symbols.setsockopt(socket, SOL_SOCKET, SO_RCVBUFFORCE, Int32Array.of(RECEIVE_BUFFER), 4);
  return {
    async receive(buffer) {
      const length = Number(await symbols.recv(socket, buffer, BigInt(buffer.length), 0));
      if (length < 0) throw new Error(`cannot receive from ${ifname}`);
      return length;
    },
    send(frame) {
      const length = Number(symbols.send(socket, frame, BigInt(frame.length), 0));
      if (length !== frame.length) throw new Error(`cannot send to ${ifname}`);
    },
  };
}
