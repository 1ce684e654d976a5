/**
 * Ports without an interface behind them: what they receive is typed in, what they send is read
 * from a file, so that each bit of it can be compared.
 *
 * @module
 */

import { type Row, stringMap } from "../../../lib/ovsdb/value.ts";
import type { Switch } from "./switch.ts";

/** Bytes of a pcap file's header, and of the one of each frame; the frame's length in the latter. */
const FILE_HEADER = 24;
const FRAME_HEADER = 16;
const LENGTH_OFFSET = 8;

/** Ports of a switch. */
export class DummyPorts {
  private constructor(readonly vswitch: Switch, readonly names: readonly string[]) {}

  /**
   * Makes ports on a bridge.
   *
   * @param ports Their names, with columns of their rows of `Port`.
   * @returns They.
   */
  static async make(
    vswitch: Switch,
    bridge: string,
    ports: Readonly<Record<string, Row>>,
  ): Promise<DummyPorts> {
    const { db } = vswitch;
    for (const [name, columns] of Object.entries(ports)) {
      await db.addPortRows(bridge, columns, name);
      const options = stringMap({ tx_pcap: pcap(vswitch, name) });
      const row = { type: "dummy", options };
      await db.transact([{ op: "update", table: "Interface", where: [["name", "==", name]], row }]);
    }
    await vswitch.settle();
    return new DummyPorts(vswitch, Object.keys(ports));
  }

  /**
   * Lets a port receive frames.
   *
   * @param frames The frames in hexadecimal.
   */
  async receive(name: string, ...frames: string[]): Promise<void> {
    await this.vswitch.control("netdev-dummy/receive", name, ...frames);
  }

  /** The frames that each port has sent, in hexadecimal. */
  async sent(): Promise<Record<string, string[]>> {
    // Frames are forwarded in the round of work after the one in which they were received.
    for (const _ of Array(2)) await this.vswitch.settle();
    const frames = this.names.map(async (name) =>
      [name, framesIn(await Deno.readFile(pcap(this.vswitch, name)))] as const
    );
    return Object.fromEntries(await Promise.all(frames));
  }
}

function pcap({ db }: Switch, name: string): string {
  return `${db.directory}/${name}.pcap`;
}

function framesIn(file: Uint8Array): string[] {
  const view = new DataView(file.buffer);
  const frames: string[] = [];
  for (let start = FILE_HEADER; start + FRAME_HEADER <= file.length;) {
    const end = start + FRAME_HEADER + view.getUint32(start + LENGTH_OFFSET, true);
    frames.push(file.subarray(start + FRAME_HEADER, end).toHex());
    start = end;
  }
  return frames;
}
