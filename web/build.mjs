// Builds the browser code into src/ytterby/web/static: files named by their digest, a manifest, and a compressed twin of each.
import { build } from "esbuild";
import { mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { notices, packagesOf } from "./notices.mjs";
import { world } from "./world.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const target = process.argv[2] ?? join(here, "..", "src", "ytterby", "web", "static");
const part = `${target}.part`;
const entries = ["main"].map((name) => join(here, "src", `${name}.ts`));

await rm(part, { recursive: true, force: true });
await mkdir(part, { recursive: true });
const done = await build({
  absWorkingDir: here,
  entryPoints: [...entries, join(here, "src", "styles", "site.css")],
  bundle: true,
  minify: true,
  splitting: true,
  format: "esm",
  target: ["es2022", "chrome110", "firefox115", "safari16"],
  outdir: part,
  entryNames: "[name]-[hash]",
  chunkNames: "part-[hash]",
  assetNames: "[name]-[hash]",
  publicPath: "/static/",
  legalComments: "none", // notices.txt has them
  metafile: true,
  logLevel: "warning",
});

const manifest = {};

/** Write a file that is named by its digest. */
async function keep(name, text) {
  const digest = createHash("sha256").update(text).digest("hex").slice(0, 8).toUpperCase();
  manifest[name] = name.replace(".", `-${digest}.`);
  await writeFile(join(part, manifest[name]), text);
}
for (const [path, output] of Object.entries(done.metafile.outputs)) {
  if (output.entryPoint) manifest[basename(output.entryPoint).replace(/\.ts$/, ".js")] = basename(path);
}
const atlas = JSON.parse(await readFile(join(here, "node_modules", "world-atlas", "countries-50m.json"), "utf8"));
const modules = join(here, "node_modules");
await keep("countries-50m.json", JSON.stringify(world(atlas)));
await keep("notices.txt", await notices(modules, packagesOf([...Object.keys(done.metafile.inputs), "node_modules/world-atlas/"])));
for (const wanted of ["main.js", "site.css"]) if (!manifest[wanted]) throw new Error(`${wanted} was not built`);
await writeFile(join(part, "manifest.json"), JSON.stringify(manifest, null, 1));
for (const name of await readdir(part)) {
  if (/\.(js|css|json|txt)$/.test(name) && name !== "manifest.json") {
    await writeFile(join(part, `${name}.gz`), gzipSync(await readFile(join(part, name)), { level: 9 }));
  }
}
await rm(target, { recursive: true, force: true });
await rename(part, target);
