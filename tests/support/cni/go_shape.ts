/**
 * What the Go implementation of the plugins can read of a cache entry.
 *
 * Go's `encoding/json` fills a structure: members that the structure lacks are passed over, names
 * are matched whatever their case, null leaves a member as it was, and a value of another type is
 * an error. The structure is an object with the one member `PrevResult`, a result of CNI 1.x.
 *
 * @module
 */

/** A type: of a scalar, of the elements of a list, or of an object's members. */
type Shape = Scalar | readonly [Shape] | { readonly [member: string]: Shape };

type Scalar = "string" | "integer" | "address" | "network";

const NETWORK_PREFIX = /^[0-9A-Fa-f:.]+\/\d{1,3}$/;
const ADDRESS = /^[0-9A-Fa-f:.]+$/;

const ENTRY: Shape = {
  PrevResult: {
    cniVersion: "string",
    interfaces: [{
      name: "string",
      mac: "string",
      mtu: "integer",
      sandbox: "string",
      socketPath: "string",
      pciID: "string",
    }],
    ips: [{ interface: "integer", address: "network", gateway: "address" }],
    routes: [{
      dst: "network",
      gw: "address",
      mtu: "integer",
      advmss: "integer",
      priority: "integer",
      table: "integer",
      scope: "integer",
    }],
    dns: { nameservers: ["string"], domain: "string", search: ["string"], options: ["string"] },
  },
};

/**
 * Finds what would make Go refuse a cache entry, or read it wrong.
 *
 * @returns Paths of the members at fault; empty if Go reads what it should.
 */
export function goComplaints(text: string): string[] {
  return complaints(JSON.parse(text), ENTRY, "entry");
}

function complaints(value: unknown, shape: Shape, path: string): string[] {
  if (value === null || value === undefined) return [];
  if (typeof shape === "string") return isScalar(value, shape) ? [] : [path];
  if (isList(shape)) {
    if (!Array.isArray(value)) return [path];
    return value.flatMap((element, index) => complaints(element, shape[0], `${path}[${index}]`));
  }
  if (typeof value !== "object" || Array.isArray(value)) return [path];
  return Object.entries(value).flatMap(([name, member]) => {
    const known = Object.keys(shape).find((key) => key.toLowerCase() === name.toLowerCase());
    if (known === undefined) return [];
    return known === name ? complaints(member, shape[known]!, `${path}.${name}`) : [path + name];
  });
}

function isList(shape: Shape): shape is readonly [Shape] {
  return Array.isArray(shape);
}

function isScalar(value: unknown, type: Scalar): boolean {
  if (type === "integer") return Number.isSafeInteger(value);
  if (typeof value !== "string") return false;
  if (type === "network") return NETWORK_PREFIX.test(value);
  return type === "string" || value === "" || ADDRESS.test(value);
}
