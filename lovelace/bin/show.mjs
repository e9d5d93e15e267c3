#!/usr/bin/env node
/**
 * Open the show's page in Chromium and do what standard input asks, a JSON line each:
 *   {"open": {url, sound}}     → {} when both tablets are there; `sound` plays into the sound server
 *   {"picture": file}          → a picture of the page
 *   {"film": folder}           → every frame that is drawn goes there, until {"film": null}
 *                                → {"frames": [[file, seconds since 1970], …]}
 * Every request gets one JSON line, {"error": sentence} when it failed.
 */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { CHROMIUM, FAKE_MICROPHONE, FLAGS } from "./browser.mjs";
import { answerRequests } from "./requests.mjs";

const WAIT_MS = 120_000;
const SIZE = { width: 1280, height: 720 };
const QUALITY = 82;

const profile = mkdtempSync(join(tmpdir(), "waifu-rt3d-show-"));
let context;
let page;
let film = null;

async function open({ url, sound }) {
  context = await chromium.launchPersistentContext(profile, {
    executablePath: CHROMIUM,
    headless: true,
    args: [...FLAGS, ...FAKE_MICROPHONE],
    ignoreDefaultArgs: sound ? ["--mute-audio"] : [],
    viewport: SIZE,
    colorScheme: "dark",
    permissions: ["microphone"],
  });
  page = context.pages()[0] ?? (await context.newPage());
  page.on("pageerror", (error) => console.error(`page: ${error}`));
  await page.goto(url, { waitUntil: "domcontentloaded" });
  await page.waitForFunction(() => document.body.dataset.scene === "ready", null, {
    timeout: WAIT_MS,
  });
  await page.waitForTimeout(1500);
}

/** Keep what is drawn, or stop and tell what was kept. */
async function record(folder) {
  if (folder) {
    mkdirSync(folder, { recursive: true });
    const client = await context.newCDPSession(page);
    film = { client, frames: [] };
    client.on("Page.screencastFrame", ({ data, metadata, sessionId }) => {
      const file = join(folder, `${String(film.frames.length).padStart(6, "0")}.jpg`);
      writeFileSync(file, Buffer.from(data, "base64"));
      film.frames.push([file, metadata.timestamp]);
      void client.send("Page.screencastFrameAck", { sessionId });
    });
    await client.send("Page.startScreencast", {
      format: "jpeg",
      quality: QUALITY,
      maxWidth: SIZE.width,
      maxHeight: SIZE.height,
    });
    return {};
  }
  await film.client.send("Page.stopScreencast");
  return { frames: film.frames };
}

async function answer(request) {
  if (request.open) return (await open(request.open)) ?? {};
  if ("film" in request) return record(request.film);
  if (request.picture) await page.screenshot({ path: request.picture });
  return {};
}

try {
  await answerRequests(answer);
} finally {
  await context?.close();
  rmSync(profile, { recursive: true, force: true });
}
