/**
 * What a machine may lack that some tests need.
 *
 * @module
 */

/**
 * Tells whether a test has to be left out, and says so.
 *
 * @param packages Programs to the packages that have them.
 * @returns Whether a program is missing.
 * @throws {Error} One is missing in CI, which must leave nothing out.
 */
export function lacks(packages: Readonly<Record<string, string>>): boolean {
  const missing = Object.keys(packages).filter((program) => !isInstalled(program));
  if (missing.length === 0) return false;
  const names = missing.map((program) => packages[program]).join(" ");
  const message = `${missing.join(", ")} missing: apt-get install ${names}`;
  if (Deno.env.get("CI") === "true") throw new Error(message);
  console.warn(`tests left out, ${message}`);
  return true;
}

function isInstalled(program: string): boolean {
  const directories = (Deno.env.get("PATH") ?? "").split(":");
  return directories.some((directory) => exists(`${directory}/${program}`));
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
