/**
 * Note which code of ours runs in a page, where WAIFU_COVERAGE names a folder for it (see bin/covered.mjs).
 *
 * V8 counts by itself (DevTools protocol, domain Profiler, block coverage); the page gets the readable build of that folder.
 */

import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { CDPSession, Page, Route } from "playwright-core";

const FOLDER = process.env["WAIFU_COVERAGE"];
const SERVED = "/waifu_rt3d/frontend/";

let pages = 0;

/** Follow an empty page until it, or its context, is closed. */
export async function trace(page: Page): Promise<void> {
  if (!FOLDER) return;
  const context = page.context();
  await context.route(`**${SERVED}**/*.js*`, instead);
  const session = await context.newCDPSession(page);
  await session.send("Profiler.enable");
  await session.send("Profiler.startPreciseCoverage", { callCount: false, detailed: true });
  const keep = once(() => note(session));
  for (const closed of [page, context]) {
    const close: () => Promise<void> = closed.close.bind(closed);
    closed.close = async () => {
      await keep();
      await close();
    };
  }
}

/** Serve a file of the readable build in place of the one that everybody gets. */
function instead(route: Route): Promise<void> {
  const path = new URL(route.request().url()).pathname;
  const file = join(built(), path.slice(path.indexOf(SERVED) + SERVED.length));
  return existsSync(file) ? route.fulfill({ path: file }) : route.continue();
}

/** Write what ran; a page that is gone already has nothing to tell. */
async function note(session: CDPSession): Promise<void> {
  const taken = await session.send("Profiler.takePreciseCoverage").catch(() => null);
  const ours = taken?.result.filter(({ url }) => url.includes(SERVED));
  if (!ours?.length) return;
  const folder = resolve(FOLDER!, "ran");
  await mkdir(folder, { recursive: true });
  pages += 1;
  await writeFile(join(folder, `${process.pid}-${pages}.json`), JSON.stringify(ours));
}

const built = (): string => resolve(FOLDER!, "build");

function once(act: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | null = null;
  return () => (done ??= act());
}
