/**
 * Imports between modules.
 *
 * @module
 */

import { dirname, fromFileUrl, join, relative } from "@std/path";

const ROOT = fromFileUrl(new URL("../../..", import.meta.url));

/** An import statement or expression. */
export interface Import {
  /** Path of the module imported, from the project's root; of a package, its name. */
  target: string;
  /** Whether it is loaded when the importing module is; not if for types or at need. */
  atStart: boolean;
}

/** A module of the project. */
export interface Module {
  /** Its path from the project's root. */
  path: string;
  source: string;
  imports: Import[];
}

/**
 * Reads modules.
 *
 * @param places Files, and directories to be searched for them, from the project's root.
 * @returns The modules in them, tests not among them.
 */
export function readModules(...places: string[]): Module[] {
  return places.flatMap(find).filter((path) => !path.endsWith("_test.ts")).map((path) => {
    const source = Deno.readTextFileSync(join(ROOT, path));
    return { path, source, imports: importsOf(path, source) };
  });
}

/**
 * Follows imports.
 *
 * @param entry Path of a module.
 * @returns All that is loaded when it is: paths of modules, names of packages.
 */
export function loadedBy(entry: string): Set<string> {
  const loaded = new Set([entry]);
  for (const target of loaded) {
    if (!target.endsWith(".ts")) continue;
    const [module] = readModules(target);
    module!.imports.filter(({ atStart }) => atStart).forEach((one) => loaded.add(one.target));
  }
  return loaded;
}

/**
 * Finds modules that import each other in a circle, types and what is loaded at need included.
 *
 * @param modules All modules in question.
 * @returns Each circle as the paths along it, the first one again at the end.
 */
export function circlesIn(modules: readonly Module[]): string[][] {
  const imports = new Map(modules.map(({ path, imports }) => [path, imports]));
  const circles: string[][] = [];
  const done = new Set<string>();
  function follow(path: string, trail: readonly string[]): void {
    const start = trail.indexOf(path);
    if (start >= 0) circles.push([...trail.slice(start), path]);
    if (start >= 0 || done.has(path)) return;
    for (const { target } of imports.get(path) ?? []) follow(target, [...trail, path]);
    done.add(path);
  }
  for (const { path } of modules) follow(path, []);
  return circles;
}

function find(place: string): string[] {
  if (place.endsWith(".ts")) return [place];
  return Array.from(Deno.readDirSync(join(ROOT, place))).flatMap(({ name, isDirectory }) => {
    const path = join(place, name);
    return isDirectory || name.endsWith(".ts") ? find(path) : [];
  });
}

function importsOf(path: string, source: string): Import[] {
  const code = source.replaceAll(/^ *(\/\*\*|\*).*$/gm, "");
  const statements = code.matchAll(/^(?:import|export)\s+(type\s)?(?:[^;"]*?from )?"([^"]+)"/gm);
  const expressions = code.matchAll(/\bimport\("([^"]+)"\)/g);
  const target = (specifier: string) =>
    specifier.startsWith(".") ? relative(ROOT, join(ROOT, dirname(path), specifier)) : specifier;
  return [
    ...Array.from(statements, ([, type, name]) => ({ target: target(name!), atStart: !type })),
    ...Array.from(expressions, ([, name]) => ({ target: target(name!), atStart: false })),
  ];
}
