#!/usr/bin/env node
/**
 * Measure in Chromium: `node bin/measure.mjs cost FILE.vrm …`, `presence FILE.vrm`, `skew` or `sizes`.
 * Prints one JSON document.
 */

import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { openPage } from "./chromium.mjs";

const FRAMES = 60;
const ROUNDS = 8;
const RATE_HZ = 22050;
const SECONDS = 8;
const RAMP = { start: 0.05, rise_per_ms: 0.9 / (SECONDS * 1000) };
const golden = new URL("../../tests/contract/timeline.json", import.meta.url);
const { segments } = JSON.parse(readFileSync(golden, "utf8"));
const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Measure what each figure costs; of a file that is none, say what is wrong and go on. */
async function cost(paths) {
  const costs = {};
  for (const path of paths) {
    const name = basename(path) in costs ? path : basename(path);
    costs[name] = await costOf(path).catch((error) => ({
      problem: error.message.split("\n")[0].replace(/^.*?Error: /, ""),
    }));
  }
  return costs;
}

/** Measure what one figure costs, in a fresh page. */
async function costOf(path) {
  const files = new Map([["/figure.vrm", readFileSync(path)]]);
  const { page, close } = await openPage("avatar/workbench/measure.ts", { files });
  const arguments_ = ["/figure.vrm", FRAMES, segments];
  return page.evaluate((given) => window.measureCost(...given), arguments_).finally(close);
}

async function presence([path]) {
  const files = new Map([["/figure.vrm", readFileSync(path)]]);
  const { page, close } = await openPage("avatar/workbench/measure.ts", { files });
  const arguments_ = ["/figure.vrm", ROUNDS, segments];
  return page.evaluate((given) => window.measurePresence(...given), arguments_).finally(close);
}

async function skew() {
  const files = new Map([["/ramp.wav", rampFile()]]);
  const { page, close } = await openPage("avatar/workbench/skew.ts", { files });
  const arguments_ = ["/ramp.wav", RAMP, segments];
  return page.evaluate((given) => window.measureSkew(...given), arguments_).finally(close);
}

/** Make a WAV file whose level tells the place. */
function rampFile() {
  const frames = RATE_HZ * SECONDS;
  const file = Buffer.alloc(44 + frames * 2);
  file.write("RIFF", 0);
  file.writeUInt32LE(36 + frames * 2, 4);
  file.write("WAVEfmt ", 8);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(RATE_HZ, 24);
  file.writeUInt32LE(RATE_HZ * 2, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write("data", 36);
  file.writeUInt32LE(frames * 2, 40);
  for (let i = 0; i < frames; i++) {
    const level = RAMP.start + (i * 1000 * RAMP.rise_per_ms) / RATE_HZ;
    file.writeInt16LE(Math.round(32767 * level), 44 + 2 * i);
  }
  return file;
}

/** Tell what a browser loads for the card, in KB gzipped. */
async function sizes() {
  const { metafile, outputFiles } = await build({
    entryPoints: { card: here("../src/card/waifu-rt3d-card.ts") },
    outdir: "out",
    bundle: true,
    format: "esm",
    splitting: true,
    target: ["es2019", "chrome80"],
    minify: true,
    write: false,
    metafile: true,
  });
  const kb = { chunk_3d: 0, loader: 0 };
  const { outputs } = metafile;
  const entry = Object.keys(outputs).find((file) => outputs[file].entryPoint?.includes("/card/"));
  const loader = loadedWith(outputs, entry);
  Object.entries(outputs).forEach(([file, output], index) => {
    const inside = Object.keys(output.inputs).some((each) => each.includes("/three/"));
    const bytes = gzipSync(outputFiles[index].contents, { level: 9 }).length;
    // What comes later on demand, such as the list of problems, is neither.
    if (inside || loader.has(file)) kb[inside ? "chunk_3d" : "loader"] += bytes / 1024;
  });
  return kb;
}

/** Give a file and what it imports at once. */
function loadedWith(outputs, file, found = new Set()) {
  if (found.has(file)) return found;
  found.add(file);
  for (const { path, kind } of outputs[file].imports)
    if (kind === "import-statement") loadedWith(outputs, path, found);
  return found;
}

const [what, ...rest] = process.argv.slice(2);
const measures = { cost, presence, skew, sizes };
if (!measures[what]) {
  console.error("usage: node bin/measure.mjs cost FILE.vrm … | presence FILE.vrm | skew | sizes");
  process.exit(2);
}
console.log(JSON.stringify(await measures[what](rest)));
