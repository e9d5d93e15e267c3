/** Serve the built card, an avatar and the test page on the loopback, as the component would. */

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const TYPES = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".vrm": "model/gltf-binary",
  ".wav": "audio/wav",
  ".json": "application/json",
};

/** Start the server; `files` maps more paths to bytes. */
export async function serve({ avatar, files = new Map(), port = 0 }) {
  const find = async (path) => {
    if (files.has(path)) return files.get(path);
    if (path === "/") return readFile(here("page.html"));
    if (path === "/waifu_rt3d/avatars/companion.vrm") return readFile(avatar);
    const built = path.replace(/^\/waifu_rt3d\/frontend\//, "");
    if (built !== path) return readFile(join(here("../../dist"), normalize(`/${built}`)));
    return readFile(join(here("."), normalize(path)));
  };
  const server = createServer((request, response) => {
    const path = new URL(request.url, "http://localhost").pathname;
    find(path)
      .then((body) => {
        const type = TYPES[extname(path)] ?? (path === "/" ? "text/html" : "text/plain");
        response.writeHead(200, { "content-type": type, "cache-control": "no-store" });
        response.end(body);
      })
      .catch(() => response.writeHead(404).end());
  });
  await new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}
