import { assert, assertEquals } from "@std/assert";
import type { ChainedPlugin } from "../support/cni/chained.ts";
import { Host, ours } from "../support/cni/host.ts";
import { lacks } from "../support/run/lacks.ts";

const COMMANDS = ["ADD", "CHECK", "DEL"];

/** What the runtime would pass, as text. */
function text(plugin: ChainedPlugin): string {
  return JSON.stringify({ cniVersion: "1.0.0", name: "net", ...plugin.request.config });
}

Deno.test("standard input that is not a JSON object", async (t) => {
  await using host = await Host.start();
  const producer = (await host.addPod()).producer();
  const whole = text(producer);
  const inputs: Record<string, [stdin: string | Uint8Array, words: string]> = {
    "empty": ["", "is empty"],
    "blank": [" \n\t", "is not valid JSON"],
    "truncated by a byte": [whole.slice(0, -1), "is not valid JSON"],
    "truncated in the middle": [whole.slice(0, whole.length / 2), "is not valid JSON"],
    "twice the same": [whole + whole, "is not valid JSON"],
    "with a byte-order mark in UTF-16": ["\ufffe" + whole, "is not valid JSON"],
    "with a NUL at the end": [whole + "\0", "is not valid JSON"],
    "binary": [Uint8Array.from({ length: 4096 }, (_, i) => i * 7 % 256), "is not valid JSON"],
    "not UTF-8": [new TextEncoder().encode(whole).map((b) => b === 0x6d ? 0xff : b), "not valid"],
    "an array": [`[${whole}]`, "is not a JSON object"],
    "null": ["null", "is not a JSON object"],
    "a string": ['"x"', "is not a JSON object"],
    "a number": ["1", "is not a JSON object"],
  };
  for (const [name, [stdin, words]] of Object.entries(inputs)) {
    await t.step(name, async () => {
      for (const command of COMMANDS) await producer.with({ stdin }).fails(command, 6, words);
    });
  }
});

Deno.test("a byte-order mark before the configuration is passed over", async () => {
  await using host = await Host.start();
  const producer = (await host.addPod()).producer();
  await producer.with({ stdin: `\ufeff${text(producer)}` }).add();
});

Deno.test("standard input that does not end is given up", async () => {
  await using host = await Host.start();
  const producer = (await host.addPod()).producer();
  // A fifo that the plugin itself holds open at the other end.
  const through = ["sh", "-c", 'mkfifo "$0" && exec "$@" 0<>"$0"', `${host.db.directory}/fifo`];
  const env = { OVS_MIRROR_TIMEOUT: "0.5" };
  await producer.with({ through, env }).fails("ADD", 5, "standard input", "in time");
});

Deno.test("streams that cannot be used", async (t) => {
  await using host = await Host.start();
  const producer = (await host.addPod()).producer();
  const redirected = (to: string) =>
    producer.with({ through: ["sh", "-c", `exec "$@" ${to}`, "sh"] });
  await t.step("standard input is a directory", async () => {
    await redirected("0</").fails("ADD", 5, "standard input");
  });
  await t.step("standard input is closed", async () => {
    await redirected("0<&-").fails("ADD", 6, "standard input is empty");
  });
  await t.step("standard error is closed", async () => {
    await redirected("2>&-").add();
  });
  await t.step("the result cannot be written: ADD failed, and DEL undoes it", async () => {
    const { code } = await redirected(">/dev/full").call("ADD");
    assertEquals(code, 1);
    await producer.del();
    await host.assertMirrors();
  });
});

Deno.test("deep nesting harms nobody", async (t) => {
  await using host = await Host.start();
  const pod = await host.addPod();
  const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
  const whole = text(pod.producer());
  const inject = (member: string, before: string) =>
    whole.replace(before, `"${member}":${deep},${before}`);
  await t.step("in a member of no meaning", async () => {
    await pod.producer().with({ stdin: inject("x-deep", '"bridge"') }).add();
    await pod.producer().del();
  });
  await t.step("in prevResult", async () => {
    const stdin = inject("x-deep", '"interfaces"');
    const { code, stdout } = await pod.producer().with({ stdin }).call("ADD");
    assertEquals([code, stdout.includes(deep)], [0, true]);
    await pod.producer({ prevResult: undefined }).del();
  });
  for (const [member, code] of [["cniVersion", 1], ["name", 7], ["bridge", 7], ["mirrors", 7]]) {
    await t.step(`as ${member}`, async () => {
      const value = new RegExp(`"${member}":(?:"[^"]*"|\\[[^\\]]*\\])`);
      const stdin = whole.replace(value, `"${member}":${deep}`);
      // CHECK finds nothing wrong with mirrors that are none, as the Go implementation.
      for (const command of member === "mirrors" ? ["ADD"] : ["ADD", "CHECK"]) {
        await pod.producer().with({ stdin }).fails(command, code as number);
      }
    });
  }
});

Deno.test("names that are special to the language are only names", async () => {
  await using host = await Host.start();
  const pod = await host.addPod();
  const whole = text(pod.producer({ mirrors: [{ name: "__proto__", ingress: true }] }));
  const own = '"__proto__":{"x":1},"constructor":{"prototype":{"y":2}},"toString":null,';
  const stdin = whole.replace(/{/g, `{${own}`);
  const producer = pod.producer().with({ stdin });
  const { stdout } = await producer.call("ADD");
  assert(stdout.includes(`"interfaces":[{${own}`), stdout);
  await host.assertMirrors(ours("__proto__", { src: [pod.port] }));
  await producer.check();
  await producer.del();
  await host.assertMirrors();
});

Deno.test("a prototype in the configuration is no direction and no bridge", async () => {
  await using host = await Host.start();
  const pod = await host.addPod();
  const inherited = text(pod.producer()).replace('"ingress":true,"egress":true', '"x":0')
    .replace('"x"', '"__proto__":{"ingress":true},"x"');
  await pod.producer().with({ stdin: inherited }).fails("ADD", 7, '"__proto__"', "ingress");
});

Deno.test("a member given twice: the last one counts, as in other JSON parsers", async () => {
  await using host = await Host.start();
  const pod = await host.addPod();
  const stdin = text(pod.producer()).replace("{", '{"bridge":"br9",');
  await pod.producer().with({ stdin }).add();
});

Deno.test("a plugin reads no more of its input than it can use", {
  ignore: lacks({ time: "time" }),
}, async (t) => {
  await using host = await Host.start();
  const producer = (await host.addPod()).producer();
  const peak = async (stdin: string, code: number) => {
    const report = `${host.db.directory}/peak`;
    const through = ["time", "--format=%M", `--output=${report}`, "--quiet"];
    const outcome = await host.unchanged(() => producer.with({ stdin, through }).call("ADD"));
    assertEquals([outcome.code, outcome.json?.code], [1, code], outcome.stderr);
    return Number(await Deno.readTextFile(report));
  };
  const small = await peak("{}", 1);
  const inputs = {
    "50 MB of blanks": " ",
    "50 MB of brackets": "[",
    "50 MB of a string": '{"a":"',
  };
  for (const [name, start] of Object.entries(inputs)) {
    await t.step(name, async () => {
      const kilobytes = await peak(start + start.at(-1)!.repeat(50_000_000), 5);
      assert(kilobytes < small + 24_000, `${kilobytes} kB, ${small} kB with a small input`);
    });
  }
});
