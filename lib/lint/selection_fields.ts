/**
 * What a pod may say of a network that it asks for, in the annotation's JSON form.
 *
 * Source: NetworkSelectionElement of Multus, and what it checks when it has read one.
 *
 * @module
 */

import * as z from "zod/mini";
import { integer, optional, text } from "./go.ts";

/** Longest name of a network interface in Linux, in bytes. */
const MAX_INTERFACE = 15;

/** What an interface's name must be, for hints. */
export const INTERFACE_NAME =
  `must be a name of up to ${MAX_INTERFACE} bytes, without white space, "/" and ":"`;

const address = z.union([z.ipv4(), z.ipv6()], "must be an IP address");
const addressOrNetwork = z.union(
  [z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()],
  "must be an IP address, such as 10.0.0.1 or 10.0.0.1/24",
);
const hardware = text.check(z.refine(isHardwareAddress, "must be a MAC address"));

function list<T extends z.core.SomeType>(type: T) {
  return optional(z.array(type, "must be a list"));
}

/** The members, and what each of them must be. */
export const SELECTION = z.object({
  name: text.check(z.refine((name) => name !== "", "must not be empty")),
  namespace: optional(text),
  interface: optional(text.check(z.refine(isInterface, INTERFACE_NAME))),
  ips: list(addressOrNetwork),
  mac: optional(hardware),
  "infiniband-guid": optional(hardware),
  "default-route": list(address),
  deviceID: optional(text),
  "ipam-claim-reference": optional(text),
  bandwidth: optional(z.record(text, integer, "must be an object")),
  portMappings: list(z.object(
    { hostPort: integer, containerPort: integer, protocol: optional(text), hostIP: optional(text) },
    "must be an object",
  )),
  "cni-args": optional(z.record(z.string(), z.unknown(), "must be an object")),
});

/**
 * Tells whether an interface can have a name; an empty one means that there is none.
 *
 * @param name The name.
 */
export function isInterface(name: string): boolean {
  const { length } = new TextEncoder().encode(name);
  return length <= MAX_INTERFACE && !/[\s/:]|^\.\.?$/.test(name);
}

/** Of 6, 8 or 20 bytes, as Go's net.ParseMAC takes them; an empty one means that there is none. */
function isHardwareAddress(address: string): boolean {
  const [separator, digits] = address[4] === "." ? [".", 4] : [address[2] === "-" ? "-" : ":", 2];
  const groups = address.split(separator as string);
  const bytes = groups.length * Number(digits) / 2;
  const isHex = groups.every((group) => group.length === digits && /^[\da-f]+$/i.test(group));
  return address === "" || isHex && [6, 8, 20].includes(bytes);
}
