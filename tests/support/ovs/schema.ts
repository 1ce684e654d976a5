/**
 * Databases of other versions of Open vSwitch.
 *
 * @module
 */

import type { Ovsdb } from "./ovsdb.ts";
import { succeed } from "../run/process.ts";

/**
 * Replaces a database by an empty one of another schema, under the same name.
 *
 * @param db The database, whose server is started again.
 * @param change What the other schema lacks, by tables of this one.
 */
export async function replaceDatabase(
  db: Ovsdb,
  change: (tables: Record<string, { columns: Record<string, unknown> }>) => void,
): Promise<void> {
  const schema = JSON.parse(
    await Deno.readTextFile("/usr/share/openvswitch/vswitch.ovsschema"),
  );
  change(schema.tables);
  const path = `${db.directory}/old.schema`;
  await Deno.writeTextFile(
    path,
    JSON.stringify({ ...schema, version: "7.12.0", cksum: undefined }),
  );
  await db.stop();
  await Deno.remove(`${db.directory}/conf.db`);
  await succeed("ovsdb-tool", "create", `${db.directory}/conf.db`, path);
  await db.run();
  await db.transact([{ op: "insert", table: "Open_vSwitch", row: {} }]);
}
