import { assertEquals, assertThrows } from "@std/assert";
import { ShapeError } from "../input/shape.ts";
import { parseValidAttachments } from "./gc.ts";

const MEMBER = "cni.dev/valid-attachments";

Deno.test("parseValidAttachments() reads the list", () => {
  const list = [{ containerID: "a", ifname: "eth0" }, { containerID: "b", ifname: "eth1" }];
  assertEquals(parseValidAttachments({ [MEMBER]: list }), list);
  assertEquals(parseValidAttachments({ [MEMBER]: [] }), []);
});

Deno.test("parseValidAttachments() tells no list from an empty one", () => {
  assertEquals(parseValidAttachments({}), undefined);
});

Deno.test("parseValidAttachments() tells null from a list without elements, as CRI-O sends it for pods that live", () => {
  assertEquals(parseValidAttachments({ [MEMBER]: null }), null);
});

Deno.test("parseValidAttachments() refuses what is not a list of attachments", () => {
  const wrong = [{}, "a", 0, false, [null], [{}], [{ containerID: "a" }], [{ ifname: "a" }]];
  for (const value of [...wrong, [{ containerID: 1, ifname: "a" }]]) {
    const error = assertThrows(() => parseValidAttachments({ [MEMBER]: value }), ShapeError);
    assertEquals(error.message, `"${MEMBER}" is not valid`);
  }
});
