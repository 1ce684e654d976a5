import { assertEquals, assertStringIncludes } from "@std/assert";
import { judge, judgeByHand, type PolicyRequest, type RequestedMirror } from "./decision.ts";
import { isPolicy, type Policy } from "./policy.ts";

/** What a request has unless a case says otherwise. */
const REQUEST: PolicyRequest = {
  role: "consumer",
  namespace: "security",
  database: "unix:/run/db.sock",
  bridge: "br1",
  mirrors: [{ name: "m1" }],
};

const consume = (mirror: Partial<RequestedMirror>): Partial<PolicyRequest> => ({
  mirrors: [{ name: "m1", ...mirror }],
});
const feed = (mirror: Partial<RequestedMirror> = {}): Partial<PolicyRequest> => ({
  role: "producer",
  ...consume(mirror),
});
const copied = (address: string) => feed({ remote: { address } });

/** Policies, with what they allow and what not; of the latter with the words for it. */
const CASES: readonly [
  Policy,
  allowed: Partial<PolicyRequest>[],
  [Partial<PolicyRequest>, ...string[]][],
][] = [
  [{}, [{}, feed(), consume({ all: true, shared: true, vlans: [1] }), { namespace: "" }], []],
  [{ databases: ["/run/db.sock", "tcp:[::1]:6640"] }, [
    {},
    { database: "tcp:[::1]:6640" },
    {
      database: "/run/db.sock",
    },
    { database: undefined },
    { database: null },
  ], [
    [
      { database: "unix:/run/../run/db.sock" },
      '"databases" does not have "unix:/run/../run/db.sock"',
    ],
    [{ database: "tcp:127.0.0.1:6640" }, "socket_file"],
    [{ database: "ssl:nonsense" }, '"ssl:nonsense"'],
    [{ database: "unix:/run/db.sock " }],
  ]],
  [{ databases: [] }, [], [[{}], [feed()]]],
  [{ configurationFiles: ["/etc/ovs.conf"] }, [{}, { configurationPath: "/etc/ovs.conf" }, {
    configurationPath: "",
  }], [
    [{ configurationPath: "/etc/shadow" }, '"configurationFiles" does not have "/etc/shadow"'],
    [{ configurationPath: "/etc/../etc/ovs.conf" }],
    [{ configurationPath: "/etc//ovs.conf" }],
    [{ configurationPath: "etc/ovs.conf" }],
    [{ configurationPath: "/etc/ovs.conf\n" }, "\\n"],
  ]],
  [{ consumers: [] }, [feed(), { mirrors: [] }], [
    [{}, 'no rule of "consumers" lets namespace "security" read mirror "m1" on bridge "br1"'],
  ]],
  [{ producers: [] }, [{}, consume({ all: true })], [
    [feed(), 'no rule of "producers" lets namespace "security" feed mirror "m1" on bridge "br1"'],
  ]],
  [{ consumers: [{}] }, [{}, { namespace: "x" }, { namespace: undefined }], [
    [{ namespace: "" }, "a container without namespace"],
    [consume({ all: true }), '"consumers[0]" would but for its "all"'],
  ]],
  [{ consumers: [{ namespaces: ["security", "team-*"] }] }, [{}, { namespace: "team-a" }, {
    namespace: undefined,
  }], [
    [{ namespace: "web" }, 'namespace "web"'],
    [{ namespace: "Security" }],
    [{ namespace: "security2" }],
    [{ namespace: "" }],
    [{ namespace: "security\n" }, "\\n"],
  ]],
  [{ consumers: [{ namespaces: ["*"] }] }, [{}, { namespace: "x" }], [[{ namespace: "" }]]],
  [{ consumers: [{ namespaces: [""] }] }, [{ namespace: "" }], [[{}]]],
  [{ consumers: [{ namespaces: [] }] }, [], [[{}], [{ namespace: "" }]]],
  [{ consumers: [{ bridges: ["br1", "ex*"] }] }, [{}, { bridge: "ex1" }, { bridge: undefined }], [
    [{ bridge: "br10" }, '"consumers[0]" would but for its "bridges"'],
  ]],
  [{ consumers: [{ mirrors: ["m1", "ids-*"] }] }, [{}, consume({ name: "ids-" })], [
    [consume({ name: "m2" }), 'mirror "m2"', '"consumers[0]" would but for its "mirrors"'],
    [{ mirrors: [{ name: "m1" }, { name: "m3" }] }, 'mirror "m3"'],
  ]],
  [{ consumers: [{ all: true }] }, [{}, consume({ all: true }), consume({ all: false })], [
    [consume({ shared: true }), '"shared"'],
    [consume({ all: true, vlans: [1] }), '"vlans"'],
  ]],
  [{ consumers: [{ shared: true }] }, [{}, consume({ shared: true }), consume({ shared: null })], [
    [consume({ all: true }), '"all"'],
  ]],
  [{ consumers: [{ all: false, shared: false, vlans: false }] }, [{}], [
    [consume({ all: true })],
    [consume({ shared: true })],
    [consume({ vlans: [1] })],
  ]],
  [{ consumers: [{ vlans: true }] }, [{}, consume({ vlans: [1, 2] })], []],
  [{ consumers: [{ all: true, vlans: [100, 200] }] }, [
    consume({ vlans: [100] }),
    consume({ vlans: [100, 200], all: true }),
  ], [
    [{}, '"consumers[0]" would but for its "vlans"'],
    [consume({ all: true })],
    [consume({ vlans: [100, 300] })],
    [consume({ vlans: null })],
    [consume({ vlans: [] })],
  ]],
  [{ consumers: [{ vlans: [] }] }, [], [[{}], [consume({ vlans: [1] })]]],
  // One rule has to allow all of a mirror, but each mirror may have its own.
  [{
    consumers: [{ mirrors: ["m1"] }, { mirrors: ["m2"], all: true }, {
      namespaces: ["x"],
      all: true,
    }],
  }, [
    { mirrors: [{ name: "m1" }, { name: "m2", all: true }] },
    { namespace: "x", ...consume({ name: "m9", all: true }) },
  ], [
    [consume({ all: true }), '"consumers[0]" would but for its "all"'],
    [consume({ name: "m3" })],
  ]],
  [{ producers: [{}] }, [feed(), copied("192.0.2.1"), copied("2001:db8::1")], []],
  [{ producers: [{ remotes: ["192.0.2.0/24", "2001:db8::/32"] }] }, [
    feed(),
    copied("192.0.2.1"),
    copied("2001:db8::1"),
  ], [
    [copied("198.51.100.1"), 'with copies to "198.51.100.1"', '"remotes"'],
    [copied("collector"), '"collector"'],
    [copied("192.0.2.1%eth0")],
  ]],
  [{ producers: [{ remotes: [] }] }, [feed(), feed({ remote: null })], [[copied("192.0.2.1")]]],
];

Deno.test("judge() allows what a policy allows, and says of all else which member refuses it", () => {
  for (const [policy, allowed, refused] of CASES) {
    assertEquals(isPolicy(policy), true);
    for (const part of allowed) {
      const about = JSON.stringify([policy, part]);
      assertEquals(judge(policy, { ...REQUEST, ...part }), undefined, about);
    }
    for (const [part, ...words] of refused) {
      const denial = judge(policy, { ...REQUEST, ...part });
      const about = JSON.stringify([policy, part]);
      assertEquals(denial === undefined, false, about);
      for (const word of words) {
        assertStringIncludes(`${denial!.why} ${denial!.ask}`, word, about);
      }
    }
  }
});

Deno.test("judge() looks at file, database and mirrors, in this order", () => {
  const policy: Policy = { databases: [], configurationFiles: [], consumers: [] };
  const why = (part: Partial<PolicyRequest>) => judge(policy, { ...REQUEST, ...part })!.why;
  assertStringIncludes(why({ configurationPath: "/x" }), "configurationFiles");
  assertStringIncludes(why({}), "databases");
  assertStringIncludes(why({ database: undefined }), "consumers");
});

Deno.test("judge() names the rule that allows most, also of very many", () => {
  const consumers = [
    ...Array.from({ length: 200_000 }, () => ({ namespaces: ["x"] })),
    { bridges: ["br2"] },
    { mirrors: ["m2"] },
    { bridges: ["br3"] },
  ];
  assertStringIncludes(
    judge({ consumers }, REQUEST)!.why,
    '"consumers[200001]" would but for its "mirrors"',
  );
});

Deno.test("judge() takes names of the prototype for names", () => {
  for (const name of ["__proto__", "constructor", "toString"]) {
    const request = { ...REQUEST, namespace: name, bridge: name, mirrors: [{ name }] };
    assertEquals(judge({ consumers: [{ namespaces: ["x"] }] }, request) === undefined, false);
    assertEquals(judge({ consumers: [{ namespaces: [name] }] }, request), undefined);
  }
});

Deno.test("judgeByHand() knows whether and for how long", () => {
  const allowed: [Policy, number?][] = [
    [{}],
    [{ byHand: true }],
    [{ byHand: true }, 1e9],
    [{ byHand: { seconds: 600 } }, 600],
  ];
  for (const [policy, seconds] of allowed) {
    assertEquals(judgeByHand(policy, { seconds }), undefined);
  }
  const refused: [Policy, number | undefined, string][] = [
    [{ byHand: false }, 1, '"byHand" is false'],
    [{ byHand: { seconds: 600 } }, 601, "600 s at most"],
    [{ byHand: { seconds: 600 } }, undefined, "600 s at most"],
    [{ byHand: { seconds: 600 } }, NaN, "600 s at most"],
    [{ byHand: { seconds: 0 } }, 1, "0 s at most"],
  ];
  for (const [policy, seconds, words] of refused) {
    assertStringIncludes(judgeByHand(policy, { seconds })?.why ?? "", words);
  }
});

Deno.test("judgeByHand() lets copies leave for networks alone that some rule has", () => {
  const address = "192.0.2.10";
  const near = { namespaces: ["shop"], remotes: ["192.0.2.0/24"] },
    far = { remotes: ["10.0.0.0/8"] };
  for (const producers of [undefined, [{}], [near], [far, near], [far, { mirrors: ["m"] }]]) {
    assertEquals(judgeByHand({ producers }, { address }), undefined);
  }
  for (const producers of [[], [far]]) {
    const denial = judgeByHand({ producers, byHand: { seconds: 9 } }, { address, seconds: 1 });
    assertStringIncludes(denial?.why ?? "", `lets copies leave for "${address}"`);
    assertEquals(judgeByHand({ producers }, {}), undefined);
  }
  assertStringIncludes(judgeByHand({ producers: [], byHand: false }, { address })!.why, '"byHand"');
});
