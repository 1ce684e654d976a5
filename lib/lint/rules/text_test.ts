import { assertEquals } from "@std/assert";
import { lintText } from "../../../tests/support/cli/lint.ts";

Deno.test("text: names, labels and annotations", () => {
  const text = `kind: Deployment
apiVersion: apps/v1
metadata:
  name: on
  namespace: 'on'
  labels: { a: 1.0, b: "1.0", c: }
spec:
  template:
    metadata:
      annotations:
        x: true
        k8s.v1.cni.cncf.io/networks: 1
---
kind: Pod
apiVersion: v1
metadata:
  name: 0x10
  namespace: 7
---
metadata:
  name: on
---
kind: Example
metadata:
  name: 1
`;
  assertEquals(lintText(text), [
    'a.yaml:4 error text: metadata.name must be a string; write "on", in quotes',
    'a.yaml:6 error text: metadata.labels.a must be a string; write "1.0", in quotes',
    'a.yaml:11 error text: spec.template.metadata.annotations.x must be a string; write "true", in quotes',
    "a.yaml:12 error annotation: the annotation must be a string; " +
    'write "k8s.v1.cni.cncf.io/networks: |-" and the JSON below, indented',
    'a.yaml:17 error text: metadata.name must be a string; write "0x10", in quotes',
    'a.yaml:18 error text: metadata.namespace must be a string; write "7", in quotes',
  ]);
});
