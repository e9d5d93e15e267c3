/**
 * Tell which lines of src/ ran in the browser tests: node bin/covered.mjs FOLDER
 *
 * FOLDER is the WAIFU_COVERAGE of those tests: build/ holds what they ran, ran/ what V8 counted in each page. Writes
 * FOLDER/browser.json in Istanbul's format, as vitest does for the tests without a browser.
 */

import { mergeProcessCovs } from "@bcoe/v8-coverage";
import { convert } from "ast-v8-to-istanbul";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseAst } from "vitest/node";

const SERVED = "/waifu_rt3d/frontend/";
const SOURCES = fileURLToPath(new URL("../src/", import.meta.url));
const [folder] = process.argv.slice(2);
if (!folder) {
  console.error("error: Name the folder: node bin/covered.mjs FOLDER");
  process.exit(2);
}

const files = {};
for (const script of await counted()) Object.assign(files, await told(script));
await writeFile(join(folder, "browser.json"), JSON.stringify(files));

/** Give one count for each script of the build, of all pages together. */
async function counted() {
  const ran = join(folder, "ran");
  const pages = await readdir(ran).catch(() => []);
  const counts = [];
  for (const page of pages) {
    const scripts = JSON.parse(await readFile(join(ran, page), "utf8"));
    counts.push({ result: scripts.map((script) => ({ ...script, url: path(script.url) })) });
  }
  return mergeProcessCovs(counts).result;
}

/** Give the path of a script in the build: its server, port and cache word differ from page to page. */
function path(url) {
  const { pathname } = new URL(url);
  return pathname.slice(pathname.indexOf(SERVED) + SERVED.length);
}

/** Give the coverage of our sources in a script. */
async function told(coverage) {
  const file = resolve(folder, "build", coverage.url);
  const code = await readFile(file, "utf8");
  const sourceMap = JSON.parse(await readFile(`${file}.map`, "utf8"));
  coverage.url = `file://${file}`;
  const converted = await convert({ ast: parseAst(code), code, coverage, sourceMap });
  const ours = Object.entries(converted).filter(([source]) => source.startsWith(SOURCES));
  console.log(`${relative(folder, file)}: ${ours.length} files`);
  return Object.fromEntries(ours);
}
