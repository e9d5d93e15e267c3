#!/usr/bin/env node
/**
 * Open a page of Home Assistant with the card in Chromium and do what standard input asks, a JSON line each:
 *   {"open": {url, path, tokens}}                      → {"ok": true}
 *   {"say": "text"}                                    → types into the card and sends
 *   {"watch": true}, later {"watch": false}            → {"samples": [{audio_ms, weights, playing}]}
 *   {"freeze": {documents, audio_ms}, "picture": file} → {"audio_ms", "weights", "applied"}
 *   {"picture": file}                                  → a screenshot of the whole page
 * Every request gets one JSON line, {"error": sentence} when it failed.
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { CHROMIUM, FLAGS } from "./browser.mjs";
import { answerRequests } from "./requests.mjs";

const CARD = "waifu-rt3d-card";
const WAIT_MS = 90_000;

const profile = mkdtempSync(join(tmpdir(), "waifu-rt3d-card-"));
let context;
let page;

/** Open the page with the login of the demo and wait for the picture. */
async function open({ url, path, tokens, width = 1180, height = 820 }) {
  context = await chromium.launchPersistentContext(profile, {
    executablePath: CHROMIUM,
    headless: true,
    args: FLAGS,
    viewport: { width, height },
  });
  await context.addInitScript(
    (login) => {
      localStorage.setItem("hassTokens", JSON.stringify(login));
      localStorage.setItem("selectedLanguage", '"en"');
    },
    { ...tokens, expires: Date.now() + tokens.expires_in * 1000 },
  );
  page = context.pages()[0] ?? (await context.newPage());
  await page.goto(url + path, { waitUntil: "domcontentloaded" });
  await page.locator(`${CARD} canvas`).first().waitFor({ timeout: WAIT_MS });
  await page.waitForFunction(
    (name) => {
      const find = (root) => {
        for (const element of root.querySelectorAll("*")) {
          if (element.localName === name) return element;
          const inner = element.shadowRoot && find(element.shadowRoot);
          if (inner) return inner;
        }
        return null;
      };
      window.demoCard = find(document);
      return window.demoCard?.stageState?.()?.ready !== false && window.demoCard?.stageState?.();
    },
    CARD,
    { timeout: WAIT_MS },
  );
}

/** Type a text into the card, as a person would. */
async function say(text) {
  const field = page.locator(`${CARD} textarea`).first();
  await field.click();
  await field.pressSequentially(text, { delay: 5 });
  await field.press("Enter");
}

/** Begin or end taking down what the picture shows. */
async function watch(on) {
  if (!on)
    return page.evaluate(() => {
      clearInterval(window.demoWatch);
      return { samples: window.demoSamples };
    });
  await page.evaluate(() => {
    window.demoSamples = [];
    window.demoWatch = setInterval(() => {
      const state = window.demoCard.stageState();
      if (state?.playing) window.demoSamples.push(state);
    }, 40);
  });
  return {};
}

/** Hold the face at a time of a reply and take its picture. */
async function freeze({ documents, audio_ms }, picture) {
  const frozen = await page.evaluate(
    ([timeline, at]) => window.demoCard.freezeAt(timeline, at),
    [documents, audio_ms],
  );
  await page.locator(`${CARD} canvas`).first().screenshot({ path: picture });
  await page.evaluate(() => window.demoCard.thaw());
  return frozen;
}

/** Do one request. */
async function answer(request) {
  if (request.open) return (await open(request.open)) ?? {};
  if (request.say) return (await say(request.say)) ?? {};
  if ("watch" in request) return watch(request.watch);
  if (request.freeze) return freeze(request.freeze, request.picture);
  if (request.picture) await page.screenshot({ path: request.picture });
  return {};
}

try {
  await answerRequests(answer);
} finally {
  await context?.close();
  rmSync(profile, { recursive: true, force: true });
}
