import { assertEquals } from "@std/assert";
import { parseNamespace, parsePod } from "./arguments.ts";

Deno.test("parsePod() reads the pod", () => {
  const args = "IgnoreUnknown=1;K8S_POD_NAMESPACE=ns;K8S_POD_NAME=web-0;K8S_POD_UID=1-2";
  assertEquals(parsePod(args), { namespace: "ns", name: "web-0", uid: "1-2" });
  assertEquals(parsePod("K8S_POD_NAMESPACE=ns;K8S_POD_NAME=a=b"), { namespace: "ns", name: "a=b" });
});

Deno.test("parsePod() takes the last of a key that comes twice", () => {
  const args = "K8S_POD_NAME=a;K8S_POD_NAMESPACE=ns;K8S_POD_NAME=b";
  assertEquals(parsePod(args), { namespace: "ns", name: "b" });
});

Deno.test("parsePod() finds no pod where none is named, or what is there can be none", () => {
  const odd = ["K8S_POD_NAMESPACE=ns", "K8S_POD_NAMESPACE=;K8S_POD_NAME=a", ";;=;", "", undefined];
  const long = `K8S_POD_NAMESPACE=ns;K8S_POD_NAME=${"a".repeat(254)}`;
  for (const args of [...odd, long, "K8S_POD_NAMESPACE=n\u0000s;K8S_POD_NAME=a"]) {
    assertEquals(parsePod(args), undefined, args);
  }
});

Deno.test("parseNamespace() reads the namespace as it stands there, the last if it comes twice", () => {
  const cases: [string | undefined, string][] = [
    ["IgnoreUnknown=1;K8S_POD_NAMESPACE=ns;K8S_POD_NAME=web-0", "ns"],
    ["K8S_POD_NAMESPACE=ns", "ns"],
    ["K8S_POD_NAMESPACE=a;K8S_POD_NAMESPACE=b", "b"],
    ["K8S_POD_NAMESPACE=a=b\u0000", "a=b\u0000"],
    ["K8S_POD_NAMESPACE=;K8S_POD_NAME=a", ""],
    ["k8s_pod_namespace=ns; K8S_POD_NAMESPACE=ns", ""],
    ["", ""],
    [undefined, ""],
  ];
  for (const [args, namespace] of cases) assertEquals(parseNamespace(args), namespace, args);
});
