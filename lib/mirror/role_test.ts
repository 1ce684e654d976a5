import { assertEquals } from "@std/assert";
import { consumer, producer } from "./role.ts";

Deno.test("columnsFor() puts a producer where its directions say", () => {
  const both = ["select_src_port", "select_dst_port"];
  assertEquals(producer.columnsFor({ ingress: true }), ["select_src_port"]);
  assertEquals(producer.columnsFor({ egress: true }), ["select_dst_port"]);
  assertEquals(producer.columnsFor({ ingress: true, egress: true }), both);
  assertEquals(producer.columnsFor({ ingress: false, egress: false }), []);
  assertEquals(producer.columnsFor({}), []);
});

Deno.test("columnsFor() makes a consumer the output whatever directions say", () => {
  for (const directions of [{}, { ingress: true }, { egress: false }]) {
    assertEquals(consumer.columnsFor(directions), ["output_port"]);
  }
});

Deno.test("Role has columns that conflict with those of the other role", () => {
  assertEquals(producer.conflicting, consumer.columns);
  assertEquals(consumer.conflicting, producer.columns);
  assertEquals([producer.exclusive, consumer.exclusive], [false, true]);
});

Deno.test("Role has the names that the Go implementation and configurations know", () => {
  const names = [producer, consumer].map((
    { name, plugin, cacheSuffix },
  ) => [name, plugin, cacheSuffix]);
  assertEquals(names, [
    ["producer", "ovs-mirror-producer", "prod"],
    ["consumer", "ovs-mirror-consumer", "cons"],
  ]);
});
