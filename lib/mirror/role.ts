/**
 * The two roles of a port in a mirror. A role is data: all other code serves both.
 *
 * @module
 */

/** The columns of OVSDB's `Mirror` table that refer to ports. */
export type PortColumn = "select_src_port" | "select_dst_port" | "output_port";

/** Directions of a mirror in the configuration. */
export interface Directions {
  /** Mirror what the switch receives from the port. */
  ingress?: boolean | null;
  /** Mirror what the switch sends to the port. */
  egress?: boolean | null;
}

/** A role of ports in a mirror. */
export interface Role {
  /** The role's name. */
  name: "producer" | "consumer";
  /** The name of the executable, which is the `type` in a configuration. */
  plugin: string;
  /** Ending of the names of its cache entries. */
  cacheSuffix: string;
  /** The name of its ports in error messages. */
  noun: string;
  /** All columns that its ports may be in. */
  columns: readonly PortColumn[];
  /** The columns that a port goes into. */
  columnsFor(directions: Directions): PortColumn[];
  /** Columns in which a port of this role may not be at the same time. */
  conflicting: readonly PortColumn[];
  /** True if a mirror takes only one port of this role. */
  exclusive: boolean;
}

/** A source of mirrors. */
export const producer: Role = {
  name: "producer",
  plugin: "ovs-mirror-producer",
  cacheSuffix: "prod",
  noun: "source",
  columns: ["select_src_port", "select_dst_port"],
  columnsFor({ ingress, egress }) {
    const columns: PortColumn[] = [];
    if (ingress) columns.push("select_src_port");
    if (egress) columns.push("select_dst_port");
    return columns;
  },
  conflicting: ["output_port"],
  exclusive: false,
};

/** The output of mirrors. */
export const consumer: Role = {
  name: "consumer",
  plugin: "ovs-mirror-consumer",
  cacheSuffix: "cons",
  noun: "output",
  columns: ["output_port"],
  columnsFor: () => ["output_port"],
  conflicting: ["select_src_port", "select_dst_port"],
  exclusive: true,
};
