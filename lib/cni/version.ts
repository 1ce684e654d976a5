/**
 * Versions of the CNI specification.
 *
 * @module
 */

/** A version that the plugins speak. */
export type CniVersion = "0.3.0" | "0.3.1" | "0.4.0" | "1.0.0" | "1.1.0";

/** The versions that the plugins speak, oldest first. */
export const SUPPORTED_VERSIONS: readonly CniVersion[] = [
  "0.3.0",
  "0.3.1",
  "0.4.0",
  "1.0.0",
  "1.1.0",
];

/** The newest version, used where the runtime did not name one. */
export const NEWEST_VERSION: CniVersion = "1.1.0";

/**
 * Tells whether the plugins speak a version.
 *
 * @param version Any value.
 * @returns Whether it is one of {@linkcode SUPPORTED_VERSIONS}.
 */
export function isSupported(version: unknown): version is CniVersion {
  return (SUPPORTED_VERSIONS as readonly unknown[]).includes(version);
}

/**
 * Compares two versions.
 *
 * @param version The version in question.
 * @param least The version that it has to reach.
 * @returns Whether it is that version or a newer one.
 */
export function isAtLeast(version: CniVersion, least: CniVersion): boolean {
  return SUPPORTED_VERSIONS.indexOf(version) >= SUPPORTED_VERSIONS.indexOf(least);
}
