import { assert, assertEquals } from "@std/assert";
import { uuid, uuidSet } from "../../lib/ovsdb/value.ts";
import { both, type ChainedPlugin, ingress } from "../support/cni/chained.ts";
import { Host } from "../support/cni/host.ts";
import { operationsOf, Recorder } from "../support/ovs/recorder.ts";

/** Requests that a call may make. */
const ADD = 2, CHECK = 1, DEL = 1, DEL_OF_THE_LAST = 2;

/** Bytes that the server may send per call. */
const MAX_BYTES = 2000;

/** Ports that the mirror has before. */
const SIZES = [0, 1, 10_000];

/** A host whose mirror `m1` has many sources already. */
async function hostWithSources(count: number): Promise<Host> {
  const host = await Host.start();
  if (count === 0) return host;
  await host.db.addPorts("br1", ...Array.from({ length: count }, (_, i) => `port${i}`));
  const ports = uuidSet((await host.db.rows("Port", ["_uuid"])).map((row) => uuid(row._uuid)));
  const columns = { select_src_port: ports, select_dst_port: ports };
  await host.db.addMirror("br1", { name: "m1", ...columns });
  return host;
}

/** Makes sure that a call asks so often; returns how many bytes the server sent. */
async function assertRequests(
  recorder: Recorder,
  plugin: ChainedPlugin,
  command: string,
  count: number,
): Promise<number> {
  const recorded = plugin.with({ config: { socket_file: recorder.socket } });
  const { requests, bytes } = await recorder.costOf(() => recorded.run(command));
  assertEquals(requests.map(({ method }) => method), new Array(count).fill("transact"));
  return bytes;
}

for (const size of SIZES) {
  Deno.test(`requests and bytes per call, ${size} ports in the mirror`, async (t) => {
    await using host = await hostWithSources(size);
    using recorder = new Recorder(host.db.socket);
    const [producer, consumer] = [await host.addPod(), await host.addPod()];
    const cost = (plugin: ChainedPlugin, command: string, count: number) =>
      t.step(`${plugin.role}: ${command}`, async () => {
        const bytes = await assertRequests(recorder, plugin, command, count);
        assert(bytes > 0 && bytes < MAX_BYTES, `${bytes} bytes from the server`);
      });
    await cost(producer.producer(), "ADD", ADD);
    await cost(producer.producer(), "ADD", ADD);
    await cost(consumer.consumer(), "ADD", ADD);
    await cost(producer.producer(), "CHECK", CHECK);
    await cost(consumer.consumer(), "CHECK", CHECK);
    await cost(producer.producer(), "DEL", DEL);
    await cost(consumer.consumer(), "DEL", size === 0 ? DEL_OF_THE_LAST : 1);
  });
}

Deno.test("the number of mirrors makes no difference", async (t) => {
  await using host = await Host.start();
  using recorder = new Recorder(host.db.socket);
  const producer = (await host.addPod()).producer({
    mirrors: Array.from({ length: 5 }, (_, i) => both(`m${i}`)),
  });
  const counts = { ADD, CHECK, DEL: DEL_OF_THE_LAST };
  for (const [command, count] of Object.entries(counts)) {
    await t.step(command, async () => {
      await assertRequests(recorder, producer, command, count);
    });
  }
});

Deno.test("DEL of which nothing is on record looks for the port, and where it is", async () => {
  await using host = await Host.start();
  using recorder = new Recorder(host.db.socket);
  const pod = await host.addPod();
  const producer = pod.producer();
  await assertRequests(recorder, producer, "DEL", 2);
  await assertRequests(recorder, producer.with({ config: { prevResult: undefined } }), "DEL", 2);
  await host.db.removePort("br1", pod.port);
  await assertRequests(recorder, producer, "DEL", 1);
});

Deno.test("STATUS asks once, VERSION and a configuration that is not valid never", async () => {
  await using host = await Host.start();
  using recorder = new Recorder(host.db.socket);
  await assertRequests(recorder, host.plugin("producer"), "STATUS", 1);
  await assertRequests(recorder, host.plugin("producer"), "VERSION", 0);
  const wrong = host.plugin("producer", { socket_file: recorder.socket, mirrors: [] });
  const { requests } = await recorder.costOf(() => wrong.fails("STATUS", 7));
  assertEquals(requests, []);
});

Deno.test("no request reads a column that may be long, or a whole row", async () => {
  await using host = await Host.start();
  using recorder = new Recorder(host.db.socket);
  const pod = await host.addPod();
  const other = await host.addPod();
  await other.consumer().add();
  const config = { socket_file: recorder.socket };
  const { requests } = await recorder.costOf(async () => {
    for (const command of ["ADD", "CHECK", "DEL"]) {
      await pod.producer(config).run(command);
    }
    await pod.consumer(config).fails("ADD", 103);
  });
  const long = ["ports", "select_src_port", "select_dst_port", "statistics"];
  for (const operation of requests.flatMap(operationsOf)) {
    if (operation.op !== "select") continue;
    const { columns = [] } = operation;
    assert(columns.length > 0, JSON.stringify(operation));
    assertEquals(columns.filter((column) => long.includes(column)), []);
  }
});

Deno.test("each change says in the database's log who made it", async () => {
  await using host = await Host.start();
  using recorder = new Recorder(host.db.socket);
  const pod = await host.addPod();
  for (const command of ["ADD", "DEL"]) {
    const producer = pod.producer({ socket_file: recorder.socket, mirrors: [ingress("m1")] });
    const { requests } = await recorder.costOf(() => producer.run(command));
    const changes = requests.map(operationsOf)
      .filter((operations) => operations.some(({ op }) => op === "mutate"));
    assert(changes.length > 0);
    for (const operations of changes) {
      const comment = `ovs-mirror-producer ${command} pod-1 eth1`;
      assertEquals(operations.filter(({ op }) => op === "comment"), [{ op: "comment", comment }]);
    }
  }
});
