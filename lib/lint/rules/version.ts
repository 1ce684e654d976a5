/**
 * A network has a CNI version that the plugins speak.
 *
 * @module
 */

import { member } from "../tree.ts";
import { memberOf, protocolProblems } from "./protocol.ts";
import type { Rule } from "./rule.ts";

/** The version is one that the plugins speak. */
export const version: Rule = {
  name: "version",
  checkDocument: (project) =>
    project.mirrorNetworks.flatMap((network) => {
      const cniVersion = memberOf(network, "cniVersion");
      return member(network.config, "cniVersions")
        ? []
        : protocolProblems(network, "cniVersion", { cniVersion, name: "name" });
    }),
};
