import { assertEquals } from "@std/assert";
import { isOwn, portsOfEarlier } from "./ports.ts";
import type { PortState } from "./snapshot.ts";

const port = (members: Partial<PortState>): PortState => ({ id: "p", name: "p1", ...members });

Deno.test("isOwn() goes by namespace and pod, as far as both sides know them", () => {
  const cases: [Partial<PortState>, netns: string[], podUid: string | undefined, boolean][] = [
    [{}, ["/run/netns/1"], "u1", true],
    [{ netns: "/run/netns/1" }, [], undefined, true],
    [{ netns: "/run/netns/1" }, ["/run/netns/2"], undefined, false],
    [{ netns: "/run/netns/1" }, ["/run/netns/2", "/var/run/netns/1"], undefined, true],
    [{ podUid: "u1" }, [], "u1", true],
    [{ podUid: "u1" }, [], "u2", false],
    [{ podUid: "u1" }, [], undefined, true],
    [{ netns: "/run/netns/1", podUid: "u1" }, ["/run/netns/1"], "u2", false],
    [{ netns: "/run/netns/1", podUid: "u1" }, ["/run/netns/2"], "u1", false],
  ];
  for (const [members, netns, podUid, expected] of cases) {
    assertEquals(isOwn(port(members), netns, podUid), expected, JSON.stringify([members, netns]));
  }
});

Deno.test("portsOfEarlier() are those of another namespace, where both are known", () => {
  const ports = [{}, { netns: "/run/netns/1" }, { netns: "/var/run/netns/2" }].map(port);
  const found = (netns?: string, portsOfPod: PortState[] | undefined = ports) =>
    portsOfEarlier(netns, {
      mirrors: [],
      ports: [],
      attachedPorts: [],
      emptyMirrors: [],
      portsOfPod,
    });
  assertEquals(found("/run/netns/2"), [ports[1]!]);
  assertEquals(found("/run/netns/3"), ports.slice(1));
  assertEquals([found(undefined), found(""), found("/run/netns/3", [])], [[], [], []]);
});
