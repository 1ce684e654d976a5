/**
 * The floor: a program that does nothing, built as the plugins are. What a call takes beyond it is
 * ours, the rest is the runtime's.
 *
 * @module
 */
