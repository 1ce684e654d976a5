import { assertEquals } from "@std/assert";
import { lintText } from "../../../tests/support/cli/lint.ts";

Deno.test("text: names, labels and annotations", () => {
  const text = `kind: Deployment
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
metadata:
  name: 0x10
  namespace: 7
---
metadata:
  name: on
`;
  assertEquals(lintText(text), [
    'a.yaml:3 error text: metadata.name must be a string; write "on", in quotes',
    'a.yaml:5 error text: metadata.labels.a must be a string; write "1.0", in quotes',
    'a.yaml:10 error text: spec.template.metadata.annotations.x must be a string; write "true", in quotes',
    "a.yaml:11 error annotation: the annotation is not a text; " +
    'write "k8s.v1.cni.cncf.io/networks: |-" and the JSON below, indented',
    'a.yaml:15 error text: metadata.name must be a string; write "0x10", in quotes',
    'a.yaml:16 error text: metadata.namespace must be a string; write "7", in quotes',
  ]);
});
