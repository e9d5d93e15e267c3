#!/usr/bin/env node
/** Build the workbench as a static page: `node bin/stage.mjs AVATARS FOLDER`, or serve it with `--serve PORT` as well. */

import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { bundle } from "./chromium.mjs";

const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>The stage</title>
<link rel="icon" href="data:,">
<style>
body { margin: 0 auto; max-width: 900px; font: 14px/1.5 sans-serif; background: #f3eff7; color: #332b40 }
main { height: 55vh }
output { display: block; text-align: center; font-size: 12px }
fieldset { border: 0; margin: 0; padding: 3px 12px } legend { float: left; width: 5em; font-size: 12px }
button { margin: 1px; border: 1px solid #cbbfe0; border-radius: 9px; background: #fff; color: inherit }
</style>
<body><script type="module" src="stage.js"></script></body>
</html>
`;
const TYPES = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".json": "application/json",
  ".wav": "audio/wav",
};

const [avatars, folder, serve, port] = process.argv.slice(2);
if (!avatars || !folder) {
  console.error("usage: node bin/stage.mjs AVATARS FOLDER [--serve PORT]");
  process.exit(2);
}
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, "index.html"), PAGE);
writeFileSync(join(folder, "stage.js"), await bundle("avatar/workbench/stage-page.ts"));
const golden = new URL("../../tests/contract/timeline.json", import.meta.url);
// A recorded reply that is there stays.
if (!existsSync(join(folder, "reply.json")))
  writeFileSync(join(folder, "reply.json"), readFileSync(golden));
for (const name of ["companion", "steward", "spirit"])
  copyFileSync(join(avatars, `${name}.vrm`), join(folder, `${name}.vrm`));

if (serve === "--serve") {
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url, "http://localhost").pathname);
    const file = join(folder, path === "/" ? "index.html" : path);
    readFile(file)
      .then((body) => {
        const type = TYPES[extname(file)] ?? "application/octet-stream";
        response.writeHead(200, { "content-type": type }).end(body);
      })
      .catch(() => response.writeHead(404).end());
  });
  server.listen(Number(port ?? 8188), "127.0.0.1", () =>
    console.log(`The stage: http://127.0.0.1:${server.address().port}/ (end it with Ctrl+C)`),
  );
}
