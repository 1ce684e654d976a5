import { assertStringIncludes } from "@std/assert";
import { DOUBTFUL, INVALID, VALID } from "../support/ovs/filters.ts";
import { lacksFilter } from "../support/run/lacks_filter.ts";
import { lacksSwitch } from "../support/run/lacks_switch.ts";
import { until } from "../support/run/process.ts";
import { Switch } from "../support/ovs/switch.ts";

const BRIDGE = "br1";

const ignore = await lacksSwitch() || await lacksFilter();

Deno.test({ name: "ovs-vswitchd takes the filters that can be used", ignore }, async () => {
  await using mirror = await FilteredMirror.make();
  for (const text of [...VALID, ...DOUBTFUL.map(([text]) => text)]) await mirror.filter(text);
  // It writes its log a little later, in order.
  await mirror.filter("nosuch=1");
  await until("its last complaint", () => mirror.complaint("nosuch=1"));
  for (const line of mirror.complaints()) assertStringIncludes(line, "nosuch=1");
});

Deno.test({ name: "ovs-vswitchd refuses those that can't", ignore }, async () => {
  await using mirror = await FilteredMirror.make();
  for (const [text] of INVALID) {
    await mirror.filter(text);
    await until(`a complaint about ${text}`, () => mirror.complaint(text));
  }
});

/** A mirror that gets one filter after the other. */
class FilteredMirror implements AsyncDisposable {
  readonly #switch: Switch;

  private constructor(vswitch: Switch) {
    this.#switch = vswitch;
  }

  static async make(): Promise<FilteredMirror> {
    await using stack = new AsyncDisposableStack();
    const vswitch = stack.use(await Switch.start());
    await vswitch.addBridges(BRIDGE);
    const { db } = vswitch;
    const output_port = await db.port(BRIDGE);
    await db.addMirror(BRIDGE, { name: "m1", select_all: true, output_port });
    stack.move();
    return new FilteredMirror(vswitch);
  }

  /** Returns when ovs-vswitchd has read it. */
  async filter(filter: string): Promise<void> {
    await this.#switch.db.transact([{ op: "update", table: "Mirror", where: [], row: { filter } }]);
    await this.#switch.settle();
  }

  /** What ovs-vswitchd has logged about filters. */
  complaints(): string[] {
    const log = Deno.readTextFileSync(`${this.#switch.db.directory}/vswitchd.log`);
    return log.split("\n").filter((line) => line.includes("filter is invalid"));
  }

  /** A complaint about one of them, if there is one. About a port it does not say which. */
  complaint(filter: string): string | undefined {
    const about = filter.includes("in_port") ? "due to in_port field" : `: ${filter}: `;
    return this.complaints().find((line) => line.includes(about));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#switch[Symbol.asyncDispose]();
  }
}
