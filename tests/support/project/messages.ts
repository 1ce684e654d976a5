/**
 * Finds the texts of error messages in the sources, by their syntax: what the constructors of
 * errors are given, followed through constants, parameters and helper functions.
 *
 * @module
 */

import { type Function, type Node, readSources, returned, type Source } from "./source.ts";

/** The argument that is the message; 0 where none is named. */
const MESSAGE_ARGUMENT: Readonly<Record<string, number>> = { CniError: 1, Refusal: 1 };

/** Follows expressions to the texts that they are made of. */
class Tracer {
  readonly texts = new Set<string>();
  readonly #seen = new Set<Node>();

  constructor(readonly sources: readonly Source[]) {}

  /** Collects the fixed texts of an expression. */
  trace(node: Node | null | undefined, source: Source): void {
    if (!node || this.#seen.has(node)) return;
    this.#seen.add(node);
    const follow = (...nodes: (Node | null | undefined)[]) => {
      for (const inner of nodes) this.trace(inner, source);
    };
    switch (node.type) {
      case "Literal":
        if (typeof node.value === "string") this.texts.add(node.value);
        return;
      case "TemplateLiteral":
        for (const { cooked } of node.quasis) this.texts.add(cooked);
        return follow(...node.expressions);
      case "BinaryExpression":
      case "LogicalExpression":
        return follow(node.left, node.right);
      case "ConditionalExpression":
        return follow(node.consequent, node.alternate);
      case "ObjectExpression":
        return follow(...node.properties.map((one) => one.type === "Property" ? one.value : null));
      case "AwaitExpression":
        return follow(node.argument);
      case "ChainExpression":
        return follow(node.expression);
      case "MemberExpression":
        return node.computed ? follow(node.object) : undefined;
      case "ArrowFunctionExpression":
        return follow(...returned(node));
      case "Identifier":
        return this.#name(node, source);
      case "CallExpression":
        return this.#call(node, source);
    }
  }

  /** A constant is what it was given, a parameter what the function's callers give. */
  #name(node: Deno.lint.Identifier, source: Source): void {
    const values = source.constants.get(node.name);
    const owner = source.functions.entries().find(([, one]) => index(one, node) >= 0);
    for (const value of values ?? []) this.trace(value, source);
    if (owner) return this.#parameter(node, owner);
    for (const value of values ? [] : source.members.get(node.name) ?? []) {
      this.trace(value, source);
    }
  }

  #parameter(node: Deno.lint.Identifier, [name, declaration]: [string, Function]): void {
    for (const other of this.sources) {
      for (const { callee, arguments: given } of other.calls) {
        if (callee.type !== "Identifier" || callee.name !== name) continue;
        this.trace(given[index(declaration, node)], other);
      }
    }
  }

  /** A call is what the function returns; one of a method, what its object and functions hold. */
  #call({ callee, arguments: given }: Deno.lint.CallExpression, source: Source): void {
    if (callee.type === "MemberExpression") {
      this.trace(callee.object, source);
      for (const one of given) {
        if (one.type === "ArrowFunctionExpression") this.trace(one, source);
      }
    }
    if (callee.type !== "Identifier") return;
    const home = source.functions.has(callee.name)
      ? source
      : this.sources.find(({ exported }) => exported.has(callee.name));
    for (const node of returned(home?.functions.get(callee.name))) this.trace(node, home!);
  }
}

/** The place of a parameter, if the identifier is within the function and is one. */
function index(declaration: Function, { name, range }: Deno.lint.Identifier): number {
  const [start, end] = declaration.range;
  if (range[0] < start || range[1] > end) return -1;
  return declaration.params.findIndex((one) => one.type === "Identifier" && one.name === name);
}

/**
 * Reads the fixed parts of all error messages in `lib/`.
 *
 * @returns Each part of at least two words, without what surrounds it.
 */
export function errorTexts(): string[] {
  const sources = readSources();
  const tracer = new Tracer(sources);
  for (const source of sources) {
    for (const { callee, arguments: given } of source.errors) {
      const { name } = callee as Deno.lint.Identifier;
      tracer.trace(given[MESSAGE_ARGUMENT[name] ?? 0], source);
    }
  }
  const texts = [...tracer.texts].map((text) => text.replace(/^\W+|[\s(:;,]+$/g, ""));
  return texts.filter((text) => /[A-Za-z]+ +[A-Za-z]+/.test(text)).sort();
}

/**
 * Tells whether a text that says what varies by "…" is put together from texts that stand in
 * `lib/`, and names of Deno's errors, each of them whole.
 *
 * @returns The test.
 */
export function compositionTest(): (text: string) => boolean {
  const literals = [
    ...readSources().flatMap(({ literals }) => literals),
    ...Object.keys(Deno.errors),
  ].map(wordsOf).filter((literal) => literal !== "");
  const pieces = Map.groupBy(new Set(literals), (piece) => piece.split(" ")[0]!);
  const isComposed = (text: string): boolean =>
    text === "" ||
    (pieces.get(text.split(" ")[0]!) ?? []).some((piece) =>
      `${text} `.startsWith(`${piece} `) && isComposed(text.slice(piece.length + 1))
    );
  return (text) => text.split("…").every((part) => isComposed(wordsOf(part)));
}

/** A text without what is no word, so that punctuation at the ends of pieces does not matter. */
function wordsOf(text: string): string {
  return text.replace(/[^\w-]+/g, " ").trim();
}
