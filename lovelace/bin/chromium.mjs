/** Open a page with parts of this project in it, in a Chromium without a display. */

import { mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { CHROMIUM, FLAGS } from "./browser.mjs";

const PAGE = `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><body>
<script type="module" src="/entry.js"></script>`;

/** Bundle one TypeScript file for the browser; gives its code. */
export async function bundle(entry) {
  const source = fileURLToPath(new URL(`../src/${entry}`, import.meta.url));
  const options = { bundle: true, format: "esm", target: "es2022", write: false };
  const { outputFiles } = await build({ entryPoints: [source], ...options });
  return outputFiles[0].text;
}

/** Open a page that has run `entry`; files are served from the folder and the map. */
export async function openPage(entry, { folder = ".", files = new Map(), flags = [], size } = {}) {
  const code = await bundle(entry);
  const find = async (path) => {
    if (path === "/") return PAGE;
    if (path === "/entry.js") return code;
    return files.get(path) ?? readFile(join(folder, normalize(path)));
  };
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
    const type = path === "/" ? "text/html" : path.endsWith(".js") ? "text/javascript" : "";
    find(path)
      .then((body) => response.writeHead(200, type ? { "content-type": type } : {}).end(body))
      .catch(() => response.writeHead(404).end());
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const profile = mkdtempSync(join(tmpdir(), "waifu-rt3d-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: CHROMIUM,
    headless: true,
    args: [...FLAGS, ...flags],
    viewport: size ?? { width: 400, height: 400 },
  });
  const page = context.pages()[0] ?? (await context.newPage());
  page.setDefaultTimeout(240_000);
  page.on("pageerror", (error) => console.error(String(error)));
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  const close = async () => {
    await context.close();
    server.close();
    rmSync(profile, { recursive: true, force: true });
  };
  return { page, close };
}
