/**
 * Sources of `lib/`, taken apart by their syntax.
 *
 * @module
 */

import { fromFileUrl } from "@std/path";

const LIB = fromFileUrl(new URL("../../../lib", import.meta.url));

/** Errors that say nothing of their own: what they are given is a subject or another's text. */
const WITHOUT_MESSAGE = ["ShapeError", "RequestError", "OperationError"];

/** A node of a syntax tree. */
export type Node = Deno.lint.Node;
/** A function, however it is written. */
export type Function =
  | Deno.lint.FunctionDeclaration
  | Deno.lint.FunctionExpression
  | Deno.lint.ArrowFunctionExpression;

/** One source file, taken apart. */
export class Source {
  readonly errors: Deno.lint.NewExpression[] = [];
  readonly functions = new Map<string, Function>();
  /** Names of those that other files may call. */
  readonly exported = new Set<string>();
  /** What constants and variables are given. */
  readonly constants = new Map<string, Node[]>();
  /** Members of object literals, which may be taken apart again elsewhere in the file. */
  readonly members = new Map<string, Node[]>();
  readonly calls: Deno.lint.CallExpression[] = [];
  /** All texts, those that make up templates among them. */
  readonly literals: string[] = [];

  constructor(path: string, text: string) {
    const plugin: Deno.lint.Plugin = {
      name: "messages",
      rules: { collect: { create: () => this.#visitor() } },
    };
    Deno.lint.runPlugin(plugin, path, text);
    for (const [name, values] of this.constants) this.#nameFunction(name, values);
  }

  /** A constant that holds what a function returned names that, if it is a function in turn. */
  #nameFunction(name: string, values: readonly Node[]): void {
    for (const value of values) {
      if (value.type !== "CallExpression" || value.callee.type !== "Identifier") continue;
      const [inner] = returned(this.functions.get(value.callee.name));
      if (inner?.type === "ArrowFunctionExpression") this.functions.set(name, inner);
    }
  }

  #visitor(): Deno.lint.LintVisitor {
    return {
      NewExpression: (node) => void (isErrorClass(node) && this.errors.push(node)),
      CallExpression: (node) => void this.calls.push(node),
      Literal: ({ value }) => void (typeof value === "string" && this.literals.push(value)),
      TemplateElement: ({ cooked }) => void this.literals.push(cooked),
      FunctionDeclaration: (node) => void this.functions.set(node.id!.name, node),
      "ExportNamedDeclaration > FunctionDeclaration": ({ id }: Deno.lint.FunctionDeclaration) =>
        void this.exported.add(id!.name),
      VariableDeclarator: ({ id, init }) => {
        if (id.type !== "Identifier" || !init) return;
        if (init.type === "ArrowFunctionExpression") this.functions.set(id.name, init);
        add(this.constants, id.name, init);
      },
      AssignmentExpression: ({ left, right }) => {
        if (left.type === "Identifier") add(this.constants, left.name, right);
      },
      Property: ({ key, value }) => {
        if (key.type === "Identifier") add(this.members, key.name, value);
      },
    };
  }
}

function add(nodes: Map<string, Node[]>, name: string, node: Node): void {
  nodes.set(name, [...nodes.get(name) ?? [], node]);
}

function isErrorClass({ callee }: Deno.lint.NewExpression): boolean {
  return callee.type === "Identifier" && /(Error|Refusal)$/.test(callee.name) &&
    !WITHOUT_MESSAGE.includes(callee.name);
}

/** What a function may return. */
export function returned(declaration: Function | undefined): Node[] {
  const body = declaration?.body;
  if (!body) return [];
  return body.type === "BlockStatement" ? body.body.flatMap(returnedBy) : [body];
}

function returnedBy(statement: Node): Node[] {
  switch (statement.type) {
    case "ReturnStatement":
      return statement.argument ? [statement.argument] : [];
    case "BlockStatement":
      return statement.body.flatMap(returnedBy);
    case "IfStatement":
      return [statement.consequent, statement.alternate].flatMap((one) =>
        one ? returnedBy(one) : []
      );
  }
  return [];
}

/** All files of `lib/`, but tests. */
export function readSources(): Source[] {
  return sourceFiles(LIB).map((path) => new Source(path, Deno.readTextFileSync(path)));
}

function sourceFiles(directory: string): string[] {
  return Array.from(Deno.readDirSync(directory)).flatMap(({ name, isDirectory }) => {
    const path = `${directory}/${name}`;
    if (isDirectory) return name === "testing" ? [] : sourceFiles(path);
    return name.endsWith(".ts") && !name.endsWith("_test.ts") ? [path] : [];
  });
}

/**
 * Reads the sources themselves.
 *
 * @param path A file below `lib/`, or a directory with a slash at its end; all if absent.
 * @returns The text, with what is escaped in literals unescaped.
 */
export function sourceText(path = ""): string {
  const place = `${LIB}/${path}`;
  const paths = place.endsWith("/") ? sourceFiles(place.slice(0, -1)) : [place];
  return paths.map((one) => Deno.readTextFileSync(one)).join("\n").replaceAll('\\"', '"');
}
