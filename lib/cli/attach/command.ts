/**
 * `attach` and `detach`: mirror a pod that runs, and stop it.
 *
 * @module
 */

import { OvsdbError } from "../../ovsdb/error.ts";
import { stringMap } from "../../ovsdb/value.ts";
import type { ByHand } from "../../mirror/plan/by_hand.ts";
import { INTERNAL, makeInternal, removePort, SINCE } from "../../mirror/plan/by_hand.ts";
import type { Remote } from "../../mirror/config/config.ts";
import { consumer, producer, type Role } from "../../mirror/role.ts";
import { OWNER } from "../../mirror/snapshot/snapshot.ts";
import { judgeByHand } from "../../policy/decision.ts";
import { DEFAULT_POLICY } from "../../policy/place.ts";
import { attachByHand, partsOf, takeBack } from "../../plugin/by_hand.ts";
import { refuseOwnAddress } from "../../plugin/own_address.ts";
import type { Session } from "../../plugin/database/session.ts";
import { loadPolicy } from "../../plugin/policy.ts";
import { quote } from "../../text/text.ts";
import { CommandError, EXIT } from "../errors.ts";
import { findDatabase } from "../database.ts";
import type { Command, Terminal } from "../terminal.ts";
import { findPort, type FoundPort } from "./find_port.ts";
import { asFailure, Node, TIMEOUT } from "./node.ts";
import { type AttachCommand, parseAttach, parseDetach } from "./request.ts";

/** Notes on both commands, for their help. */
export const notes = `\
They change the switch at once, for root on the node. attach returns when the
mirror is in force, running connections included. What a pod has attached
itself stays, with its options. detach takes the same words, or --all.

With --for it has an end: the next ADD, DEL, GC, attach or detach on the node,
or collection of metrics, takes it back. It goes with the pod's port. show tells
what is attached by hand. The node's policy may forbid it or limit its time.

The interface of --internal has to be set up: ip link set NAME up.

The exit status is 0 on success, 2 for invalid usage, 3 if it can't be done.
`;

/** Attaches a port by hand. */
export const run: Command = async (args, terminal) => {
  const role = roleOf(terminal);
  const request = await parseAttach(args, role);
  await askPolicy(request);
  if (request.mirror.remote) refuseOwn(request.mirror.remote);
  await using node = await Node.open(
    await findDatabase(request.socket),
    `attach ${args.join(" ")}`,
  );
  return await node.explaining(async () => {
    const port = await findPort(node.session, request.port, await partsOf(node.records));
    await takeBack(node.session, node.records);
    const until = request.seconds && Math.ceil(Date.now() / 1000) + request.seconds;
    const already = await attachPort(node, role, request, port, until);
    const end = until ? `, until ${new Date(until * 1000).toISOString()}` : "";
    terminal.write(
      already.length > 0
        ? `port ${quote(port.name)} is attached to mirror ${quote(request.mirror.name)} anyway\n`
        : `port ${quote(port.name)} of bridge ${quote(port.bridge)} is ` +
          `${role.exclusive ? "the output" : "a source"} of mirror ` +
          `${quote(request.mirror.name)}${end}\n`,
    );
    return EXIT.success;
  });
};

/** Detaches what was attached by hand. */
export const detach: Command = async (args, terminal) => {
  const role = roleOf(terminal);
  const { what, socket } = parseDetach(args);
  await using node = await Node.open(await findDatabase(socket), `detach ${args.join(" ")}`);
  return await node.explaining(async () => {
    const port = what && await findPort(node.session, what.port, await partsOf(node.records));
    const isMeant = (one: ByHand) =>
      !what || (one.port === port!.id && (what.mirror ?? one.mirror) === one.mirror &&
        one.columns.some((column) => role.columns.includes(column)));
    const taken = (await takeBack(node.session, node.records, isMeant)).filter(isMeant);
    const mirrors = new Set(taken.map(({ mirror }) => mirror));
    // The interface that was made for the mirror has no use without its source.
    const others = (one: ByHand) => one.isInternal && mirrors.has(one.mirror);
    if (what && !role.exclusive) await takeBack(node.session, node.records, others);
    if (what && taken.length === 0) {
      const message = `port ${quote(port!.name)} is not attached by hand`;
      throw new CommandError(message, EXIT.failure);
    }
    terminal.write(`${taken.length} taken back of what was attached by hand\n`);
    return EXIT.success;
  });
};

function roleOf({ program }: Terminal): Role {
  return program === consumer.plugin ? consumer : producer;
}

function refuseOwn(remote: Remote): void {
  try {
    refuseOwnAddress([remote]);
  } catch (error) {
    asFailure(error);
  }
}

async function askPolicy({ seconds, mirror: { remote } }: AttachCommand): Promise<void> {
  const path = Deno.env.get("OVS_MIRROR_POLICY") || DEFAULT_POLICY;
  const policy = await loadPolicy(path).catch(asFailure);
  const denial = policy && judgeByHand(policy, { seconds, address: remote?.address });
  if (!denial) return;
  const message = `the policy ${path} does not allow this: ${denial.why}`;
  throw new CommandError(
    `${message}; ask the node's administrator for ${denial.ask}`,
    EXIT.failure,
  );
}

/**
 * Attaches a port, and before it the interface of the node that is to be the output, if one is.
 *
 * @returns The mirror, if the port is attached to it anyway.
 */
export async function attachPort(
  { session }: Pick<Node, "session">,
  role: Role,
  { mirror, internal }: Pick<AttachCommand, "mirror" | "internal">,
  port: FoundPort,
  until: number | undefined,
): Promise<string[]> {
  const { bridge } = port;
  const options = { until, wait: TIMEOUT / 2 };
  if (!internal) {
    return await attachByHand(session, { role, bridge, mirrors: [mirror] }, port, options);
  }
  const made = await makeOutput(session, bridge, internal.name);
  try {
    const request = { role: consumer, bridge, mirrors: [internal.output] };
    await attachByHand(session, request, made, { ...options, isInternal: true });
    return await attachByHand(session, { role, bridge, mirrors: [mirror] }, port, options);
  } catch (error) {
    // The mirror goes with the next look that finds it empty.
    await session.change([removePort(made.id)]);
    throw error;
  }
}

/** Makes the node's interface. Killed right after, it is one that no mirror uses. */
async function makeOutput(
  session: Session,
  bridge: string,
  name: string,
): Promise<{ id: string; name: string }> {
  const marks = stringMap({ ...INTERNAL, owner: OWNER, [SINCE]: String(Date.now()) });
  const [, port] = await session.change(makeInternal(bridge, name, marks)).catch((error) => {
    if (!(error instanceof OvsdbError) || !/constraint/.test(error.message)) throw error;
    const message = `there is a port or interface ${quote(name)} on the switch already`;
    throw new CommandError(`${message}; use another name for --internal`, EXIT.failure);
  });
  return { id: port!.uuid![1], name };
}
