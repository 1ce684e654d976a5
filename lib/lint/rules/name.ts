/**
 * A network has a valid name.
 *
 * @module
 */

import { NEWEST_VERSION } from "../../cni/version.ts";
import { error } from "../finding.ts";
import { stringAt } from "../tree.ts";
import { memberOf, protocolProblems } from "./protocol.ts";
import type { Rule } from "./rule.ts";

/** The network has a name. Multus gives it that of its definition, a runtime gives none. */
export const name: Rule = {
  name: "name",
  checkDocument: (project) =>
    project.mirrorNetworks.flatMap((network) => {
      const { definition, config } = network;
      if (definition && !definition.name) return [error(network, NO_NAME, "set metadata.name")];
      if (definition && !stringAt(config, "name")) return [];
      const name = memberOf(network, "name");
      return protocolProblems(network, "name", { cniVersion: NEWEST_VERSION, name });
    }),
};

const NO_NAME = "the definition has no name";
