/**
 * A client of OVSDB servers, such as that of Open vSwitch: transactions, guarded changes, monitors.
 *
 * Permissions: Deno asks for `--allow-read` and `--allow-write` of a unix socket's path, from 2.9
 * on for `--allow-net` too (`--allow-net=unix:PATH` names the socket); for `--allow-net` alone of a
 * TCP address.
 *
 * Source: RFC 7047.
 *
 * @module
 */

export { Client, type ClientOptions } from "../lib/ovsdb/client.ts";
export { type Endpoint, parseEndpoint } from "../lib/ovsdb/endpoint.ts";
export {
  ConnectionError,
  DeadlineError,
  OvsdbError,
  ProtocolError,
  RequestError,
} from "../lib/ovsdb/error.ts";
export { guarded } from "../lib/ovsdb/guarded.ts";
export {
  Monitor,
  type MonitorOptions,
  type MonitorRequest,
  type Tables,
} from "../lib/ovsdb/monitor.ts";
export { type Condition, guard, type Mutation, type Operation } from "../lib/ovsdb/operation.ts";
export { OperationError, type OperationResult, selectedRows } from "../lib/ovsdb/result.ts";
export {
  type Atom,
  atoms,
  readString,
  readStringMap,
  type Row,
  stringMap,
  uuid,
  uuids,
  uuidSet,
  type Value,
} from "../lib/ovsdb/value.ts";
