// Licences of what is bundled: each must be permissive, and its text goes with the bundle.
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";

const PERMISSIVE = new Set(["0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT"]);

/** Names of the packages whose files are in a bundle. */
export const packagesOf = (inputs) => [...new Set(inputs.map((path) => path.match(/node_modules\/((?:@[^/]+\/)?[^/]+)\//)?.[1]).filter(Boolean))].sort();

/** Name, version, licence and notices of each package. */
export async function notices(modules, names) {
  const parts = [];
  for (const name of names) {
    const folder = join(modules, name), told = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    if (!PERMISSIVE.has(told.license)) throw new Error(`${name} has the licence ${told.license}, which is not permissive`);
    const files = (await readdir(folder)).filter((file) => /^(licen[cs]e|notice)(\.\w+)?$/i.test(file)).sort();
    const texts = await Promise.all(files.map((file) => readFile(join(folder, file), "utf8")));
    parts.push([`${name} ${told.version} (${told.license})`, ...texts.map((text) => text.trim())].join("\n\n"));
  }
  return `The browser code of Ytterby holds these packages.\n\n${parts.join(`\n\n${"-".repeat(72)}\n\n`)}\n`;
}
