import { assertEquals, assertStringIncludes } from "@std/assert";
import { explain } from "../schema/explain.ts";
import { ShapeError } from "../input/shape.ts";
import { CniError } from "./error.ts";
import { dispatch, type Handler, type PluginRequest } from "./skel.ts";

const CONFIGURATION = { cniVersion: "0.4.0", name: "net", prevResult: { interfaces: [] } };
const VARIABLES: Record<string, string | undefined> = {
  CNI_CONTAINERID: "container-1",
  CNI_NETNS: "/var/run/netns/test",
  CNI_IFNAME: "eth1",
};

/** Calls a plugin as a runtime does, with a configuration or with text that may be none. */
async function call(command: string | undefined, input: object | string, handle: Handler) {
  const text = typeof input === "string" ? input : JSON.stringify(input);
  const { output, exitCode } = await dispatch(
    {
      variables: (name) => name === "CNI_COMMAND" ? command : VARIABLES[name],
      input: () => Promise.resolve(new TextEncoder().encode(text)),
    },
    handle,
    false,
    (error) => Promise.resolve({ message: explain(error), hint: "correct it" }),
  );
  return { output: output === "" ? "" : JSON.parse(output), exitCode };
}

function failWith(error: unknown): Handler {
  return () => Promise.reject(error);
}

const unused = failWith(new Error("the handler is not to be called"));

Deno.test("dispatch() hands the request to the plugin and prints its result", async () => {
  const requests: PluginRequest[] = [];
  const outcome = await call("ADD", CONFIGURATION, (request) => {
    requests.push(request);
    return Promise.resolve('{"a":1}\n');
  });
  assertEquals(outcome, { output: { a: 1 }, exitCode: 0 });
  const [{ command, attachment, configuration }] = requests as [PluginRequest];
  assertEquals([command, attachment.ifname, configuration.name], ["ADD", "eth1", "net"]);
});

Deno.test("dispatch() prints nothing where the plugin returns nothing", async () => {
  for (const command of ["CHECK", "DEL"]) {
    const outcome = await call(command, CONFIGURATION, () => Promise.resolve());
    assertEquals(outcome, { output: "", exitCode: 0 });
  }
});

Deno.test("dispatch() answers VERSION itself", async () => {
  const supportedVersions = ["0.3.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0"];
  for (
    const [input, cniVersion] of [["", "1.1.0"], ["{}", "1.1.0"], [
      '{"cniVersion":"0.3.1"}',
      "0.3.1",
    ]]
  ) {
    const outcome = await call("VERSION", input!, unused);
    assertEquals(outcome, { output: { cniVersion, supportedVersions }, exitCode: 0 });
  }
});

Deno.test("dispatch() refuses VERSION with input that is no configuration", async () => {
  const { output, exitCode } = await call("VERSION", "[]", unused);
  assertEquals([output.code, exitCode], [6, 1]);
});

Deno.test("dispatch() needs a configuration for all but VERSION", async () => {
  for (const command of ["ADD", "CHECK", "DEL", "GC", "STATUS"]) {
    const { output, exitCode } = await call(command, "", unused);
    assertEquals([output.code, output.msg, exitCode], [6, "standard input is empty", 1]);
  }
});

Deno.test("dispatch() refuses a bad environment before it reads standard input", async () => {
  const input = () => Promise.reject(new Error("standard input is not to be read"));
  for (const command of [undefined, "", "PATCH", "ADD"]) {
    const variables = (name: string) => name === "CNI_COMMAND" ? command : undefined;
    const { output, exitCode } = await dispatch({ variables, input }, unused);
    assertEquals([JSON.parse(output).code, exitCode], [4, 1]);
  }
});

Deno.test("dispatch() reports an error of the plugin in the version of the request", async () => {
  const outcome = await call(
    "ADD",
    CONFIGURATION,
    failWith(new CniError(100, "no port", "make one")),
  );
  const output = { cniVersion: "0.4.0", code: 100, msg: "no port", details: "make one" };
  assertEquals(outcome, { output, exitCode: 1 });
});

Deno.test("dispatch() reports in the newest version if that of the request is not known", async () => {
  for (const cniVersion of ["2.0.0", 1, null, undefined]) {
    const { output } = await call("ADD", { ...CONFIGURATION, cniVersion }, unused);
    assertEquals([output.code, output.cniVersion], [1, "1.1.0"]);
  }
});

Deno.test("dispatch() explains an ill-formed value with code 7", async () => {
  const error = new ShapeError("configuration", { mirrors: "SECRET" }, "the configuration");
  const { output, exitCode } = await call("ADD", CONFIGURATION, failWith(error));
  const msg = 'the configuration is not valid: "mirrors" must be of type array';
  assertEquals([output.code, output.msg, exitCode], [7, msg, 1]);
});

Deno.test("dispatch() tells of a defect only its kind", async () => {
  for (const [thrown, kind] of [[new TypeError("SECRET"), "TypeError"], ["SECRET", "string"]]) {
    const { output, exitCode } = await call("ADD", CONFIGURATION, failWith(thrown));
    const msg = `the plugin failed unexpectedly (${kind})`;
    assertEquals([output.code, output.msg, exitCode], [199, msg, 1]);
    assertStringIncludes(output.details, "report it");
  }
});

Deno.test("dispatch() reports standard input that can't be read", async () => {
  const { output } = await dispatch({
    variables: (name) => name === "CNI_COMMAND" ? "VERSION" : undefined,
    input: () => Promise.reject(new CniError(5, "standard input did not end in time")),
  }, unused);
  assertEquals(JSON.parse(output).code, 5);
});
