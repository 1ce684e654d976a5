/**
 * How much there may be of something.
 *
 * @module
 */

/** Mirrors per bridge that Open vSwitch's datapath carries; further ones only make it warn. */
export const MAX_MIRRORS = 32;

/** Longest name of a bridge or mirror, in characters; all of them come back in replies. */
export const MAX_NAME = 1024;
