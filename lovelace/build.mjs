/**
 * Build loader, 3D chunk and director into dist/, with compressed siblings for Home Assistant's file server.
 *
 * With WAIFU_COVERAGE=FOLDER it builds into FOLDER/build instead, readable and with source maps, for bin/covered.mjs.
 */

import { build } from "esbuild";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const COVERAGE = process.env.WAIFU_COVERAGE;
const OUT = COVERAGE ? resolve(COVERAGE, "build") : here("dist");
const sizes = new Map();
const LIMITS_KB = { "3D chunk": 230, loader: 40 };

// Old wall tablets cannot update their web view: syntax goes down to ES2019 (import() is what Chrome 63 had).
const common = {
  bundle: true,
  format: "esm",
  target: ["es2019", "chrome80"],
  minify: true,
  legalComments: "linked",
  logLevel: "warning",
  logLimit: 10,
  metafile: true,
  // What runs is told statement by statement: none may be joined or taken apart.
  ...(COVERAGE ? { target: "es2022", minify: false, sourcemap: true } : {}),
};

await rm(OUT, { recursive: true, force: true });
await mkdir(OUT, { recursive: true });
// The audio thread takes one file of its own; as text inside the loader it can't be lost or outdated.
const worklet = await build({
  ...common,
  legalComments: "none",
  sourcemap: false,
  entryPoints: [here("src/audio/microphone-worklet.ts")],
  format: "iife",
  write: false,
});
const { metafile } = await build({
  ...common,
  define: {
    MICROPHONE_WORKLET: JSON.stringify(worklet.outputFiles[0].text),
    CARD_VERSION: JSON.stringify(JSON.parse(await readFile(here("package.json"), "utf8")).version),
  },
  entryPoints: {
    "waifu-rt3d-card": here("src/card/waifu-rt3d-card.ts"),
    "waifu-rt3d-panel": here("src/panel/waifu-rt3d-panel.ts"),
  },
  outdir: OUT,
  splitting: true,
  chunkNames: "chunks/[name]-[hash]",
});
await build({
  ...common,
  entryPoints: [here("src/director/index.ts")],
  outfile: `${OUT}/director.mjs`,
  target: "es2022",
});

const outputs = Object.entries(metafile.outputs).filter(([file]) => file.endsWith(".js"));
if (!COVERAGE) {
  for (const [file] of outputs) await compress(here(file));
  report();
}

/** Write .gz and .br beside a file. */
async function compress(path) {
  const bytes = await readFile(path);
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
  await writeFile(`${path}.gz`, gzipSync(bytes, { level: 9 }));
  await writeFile(`${path}.br`, brotliCompressSync(bytes, quality));
  sizes.set(path, gzipSync(bytes, { level: 9 }).length / 1024);
}

/** Print what a browser loads, and fail where it is more than a tablet should. */
function report() {
  const is3d = ([, output]) => Object.keys(output.inputs).some((each) => each.includes("/three/"));
  const entry = outputs.find(([file]) => basename(file) === "waifu-rt3d-card.js")[0];
  for (const [name, files] of [
    ["3D chunk", outputs.filter(is3d).map(([file]) => file)],
    ["loader", [...loadedWith(entry)]],
  ]) {
    const kb = files.reduce((sum, file) => sum + sizes.get(here(file)), 0);
    console.log(`${name}: ${kb.toFixed(1)} KB gzipped (limit ${LIMITS_KB[name]})`);
    if (kb > LIMITS_KB[name]) process.exitCode = 1;
  }
}

/** Give a file and what it imports at once; what comes later on demand is not the loader's. */
function loadedWith(file, found = new Set()) {
  if (found.has(file)) return found;
  found.add(file);
  for (const { path, kind } of metafile.outputs[file].imports)
    if (kind === "import-statement") loadedWith(path, found);
  return found;
}
