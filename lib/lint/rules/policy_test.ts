import { assertEquals } from "@std/assert";
import { check } from "../check.ts";
import { readDocuments } from "../document.ts";
import type { Policy } from "../../policy/policy.ts";
import { consumes, feeds, network, workload } from "../../../tests/support/cli/lint.ts";

/** What a policy makes of objects, each of which is a file. */
function refusals(policy: Policy | undefined, ...objects: unknown[]): string[] {
  const documents = objects.flatMap((object, index) => [
    ...readDocuments(`${index + 1}.json`, JSON.stringify(object, null, 1)),
  ]);
  return check(documents, policy).findings.filter(({ rule }) => rule === "policy")
    .map(({ file, line, message, hint }) => `${file}:${line} ${message}; ${hint}`);
}

const FED = network("fed", feeds("m"));
const READ = network("read", { ...consumes("m"), mirrors: [{ name: "m", all: true }] });
const says = (place: string, why: string) =>
  `${place} the policy does not allow this: ${why}; ask for such a rule`;

Deno.test("policy: without one, nothing is refused", () => {
  assertEquals(refusals(undefined, FED, READ), []);
  assertEquals(refusals({}, FED, READ), []);
});

Deno.test("policy: a network that no namespace may use", () => {
  assertEquals(refusals({ consumers: [{}], producers: [{ bridges: ["br2"] }] }, FED, READ), [
    says(
      "1.json:8",
      'no rule of "producers" lets anybody feed mirror "m" on bridge "br1"; "producers[0]" would ' +
        'but for its "bridges"',
    ),
    says(
      "2.json:8",
      'no rule of "consumers" lets anybody read mirror "m" on bridge "br1"; "consumers[0]" would ' +
        'but for its "all"',
    ),
  ]);
});

Deno.test("policy: a pod of a namespace that may not", () => {
  const policy = { consumers: [{ namespaces: ["security"], all: true }] };
  const pods = ["security", "web", undefined].map((namespace) =>
    workload({ kind: "Pod", name: `p-${namespace}`, namespace, networks: "read" })
  );
  assertEquals(refusals(policy, READ, ...pods), [
    says(
      "3.json:7",
      'no rule of "consumers" lets namespace "web" read mirror "m" on bridge "br1"',
    ),
  ]);
});

Deno.test("policy: VLANs, remotes and slips in them", () => {
  const policy = { consumers: [{ vlans: [1] }], producers: [{ remotes: ["192.0.2.0/24"] }] };
  const reads = (mirror: unknown) => network("n", { ...consumes("m"), mirrors: [mirror] });
  const sends = (remote: unknown) =>
    network("n", { ...feeds("m"), mirrors: [{ name: "m", ingress: true, remote }] });
  const count = (object: unknown) => refusals(policy, object).length;
  assertEquals(count(reads({ name: "m", vlans: [1] })), 0);
  for (const vlans of [[1, 2], "1", {}, null]) assertEquals(count(reads({ name: "m", vlans })), 1);
  assertEquals(count(sends({ type: "gre", address: "192.0.2.9" })), 0);
  for (const address of ["198.51.100.1", "collector", 5, null]) {
    assertEquals(count(sends({ type: "gre", address })), 1);
  }
});

Deno.test("policy: a database and a configuration file that it does not have", () => {
  const policy = { databases: ["/run/db.sock"], configurationFiles: ["/etc/ovs.conf"] };
  const named = (members: unknown) => network("n", Object.assign({}, feeds("m"), members));
  const allowed = { socket_file: "unix:/run/db.sock", configuration_path: "/etc/ovs.conf" };
  assertEquals(refusals(policy, named(allowed), FED), []);
  const other = { socket_file: "tcp:h:1", configuration_path: "/etc/shadow" };
  assertEquals(refusals(policy, named(other)), [
    '1.json:8 the policy does not allow this: "databases" does not have "tcp:h:1"; ask for that ' +
    'address there, or let "socket_file" name one that is there',
    '1.json:8 the policy does not allow this: "configurationFiles" does not have "/etc/shadow"; ' +
    'ask for that file there, or leave "configuration_path" out',
  ]);
});
