#!/usr/bin/env node
/**
 * Take the chosen pictures of a running demo home: node bin/shots.mjs OUT [NAME…] < home.json
 * One line for each picture; a picture that could not be taken is told, and the others are taken.
 */

import { readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { launch, openHouse } from "./house-page.mjs";

const [out, ...names] = process.argv.slice(2);
const home = JSON.parse(readFileSync(0, "utf8"));
const PHONE = { width: 390, height: 844 };
const SMALL = { width: 320, height: 640 };
const TABLET = { width: 1280, height: 800 };
const WALL = { width: 1920, height: 1080 };
const CARD = "waifu-rt3d-card";
const LONG = "Please tell me a very long story about the lighthouse, the harbour and the sea";

/** Wait for the picture of the first card or page with a stage. */
async function staged(page) {
  await page.locator("waifu-rt3d-stage canvas").first().waitFor();
  await page.waitForTimeout(6000);
}

async function say(page, text) {
  const field = page.locator("waifu-rt3d-composer textarea").first();
  await field.fill(text);
  await field.press("Enter");
}

const status = (page, state) => page.locator(`waifu-rt3d-view .status.${state}`).first().waitFor();

const does = {
  idle: staged,
  thinking: async (page) => {
    await staged(page);
    await say(page, "What do you think about the rain?");
    await status(page, "thinking").catch(() => undefined);
  },
  speaking: async (page) => {
    await staged(page);
    await say(page, LONG);
    await status(page, "speaking");
    await page.waitForTimeout(1500);
  },
  listening: async (page) => {
    await staged(page);
    await page.locator("waifu-rt3d-microphone").first().click();
    await status(page, "listening");
    await page.waitForTimeout(400);
  },
  offline: async (page) => {
    await staged(page);
    await page.context().setOffline(true);
    await page.evaluate(() =>
      document.querySelector("home-assistant").hass.connection.socket.close(),
    );
    await page.locator("waifu-rt3d-view .notice").first().waitFor();
  },
  error: async (page) => {
    await page.route(/\/api\/tts_proxy\//, (route) => route.abort());
    await staged(page);
    await say(page, "Good evening");
    await page.locator("waifu-rt3d-view .notice").first().waitFor();
  },
  lengthy: async (page) => {
    await staged(page);
    const german = await page.evaluate(() => navigator.language.startsWith("de"));
    await say(
      page,
      german ? "Erzähl ausführlich vom Abend" : "Tell me about your evening at length",
    );
    await status(page, "speaking");
    await page.waitForTimeout(4000);
  },
  tiles: async (page) => {
    await staged(page);
    await say(page, "Set a timer for five minutes");
    await page.locator("waifu-rt3d-beside .timer").first().waitFor();
    await say(page, "Turn on the kitchen light");
    await page.locator("waifu-rt3d-beside .tile, waifu-rt3d-beside .plain").first().waitFor();
    await page.waitForTimeout(1500);
  },
  editor: async (page) => {
    await staged(page);
    await page.locator("hui-root .header ha-icon-button").last().click();
    await page.locator("hui-card-edit-mode .control").first().click({ force: true });
    await page.locator("hui-dialog-edit-card ha-form").first().waitFor();
    await page.waitForTimeout(6000);
  },
  faceless: async (page) => {
    await page.locator("waifu-rt3d-flat-face").first().waitFor();
    await page.waitForTimeout(1500);
  },
  filled: (page) => page.waitForTimeout(1500),
  drawn: (page) => page.waitForTimeout(8000),
  checked: async (page) => {
    await page.locator("waifu-rt3d-page-checks progress").waitFor();
    await page.locator("waifu-rt3d-page-checks progress").waitFor({ state: "detached" });
    await page.waitForTimeout(500);
  },
  ended: async (page) => {
    await page.waitForTimeout(1500);
    await page
      .locator("waifu-rt3d-page-statistics section")
      .last()
      .evaluate((last) => last.scrollIntoView({ block: "end" }));
    await page.waitForTimeout(500);
  },
  lore: async (page) => {
    await page.getByRole("button", { name: "Lorebooks" }).click();
    await page.waitForTimeout(1500);
  },
  searched: async (page) => {
    await page.getByRole("searchbox").fill("lighthouse");
    await page.locator("waifu-rt3d-rows mark").first().waitFor();
  },
  wizard: async (page) => {
    await page.locator("waifu-rt3d-page-characters button.main").click();
    await page.locator("waifu-rt3d-wizard form").waitFor();
    await page.waitForTimeout(500);
  },
};

const home_ = (does_, more) => ({ path: home.path, does: does_, ...more });
const page_ = (name, does_, more) => ({ path: `/companion/${name}`, does: does_, ...more });

const SHOTS = {
  "card-idle-phone": home_("idle", PHONE),
  "card-idle-tablet": home_("idle", TABLET),
  "card-idle-wall-dark": home_("idle", { ...WALL, dark: true }),
  "card-thinking-tablet": home_("thinking", TABLET),
  "card-speaking-tablet": home_("speaking", TABLET),
  "card-speaking-phone-dark-german": home_("speaking", { ...PHONE, dark: true, language: "de" }),
  "card-listening-phone": home_("listening", PHONE),
  "card-error-tablet": home_("error", TABLET),
  "card-offline-phone-german": home_("offline", { ...PHONE, language: "de" }),
  "card-without-picture": home_("faceless", { ...TABLET, without: /\.vrm/ }),
  "card-200-words-tablet": home_("lengthy", TABLET),
  "card-200-words-phone-german": home_("lengthy", { ...PHONE, language: "de" }),
  "card-tiles-phone": home_("tiles", PHONE),
  "card-editor": home_("editor", WALL),
  "card-320": home_("idle", SMALL),
  "page-talk-wall": page_("talk", "idle", WALL),
  "page-talk-phone-dark": page_("talk", "idle", { ...PHONE, dark: true }),
  "page-sessions": page_("sessions", "filled", TABLET),
  "page-sessions-search-phone-german": page_("sessions", "searched", { ...PHONE, language: "de" }),
  "page-sessions-empty": page_("sessions", "filled", { ...TABLET, who: "person" }),
  "page-characters-dark": page_("characters", "drawn", { ...TABLET, dark: true }),
  "page-characters-wizard-320-german": page_("characters", "wizard", { ...SMALL, language: "de" }),
  "page-characters-phone-german": page_("characters", "drawn", { ...PHONE, language: "de" }),
  "page-avatars-phone-dark": page_("avatars", "drawn", { ...PHONE, dark: true }),
  "page-avatars": page_("avatars", "drawn", TABLET),
  "page-memories-phone": page_("memories", "filled", PHONE),
  "page-statistics": page_("statistics", "filled", TABLET),
  "page-statistics-phone-dark-german": page_("statistics", "filled", {
    ...PHONE,
    dark: true,
    language: "de",
  }),
  "page-statistics-end": page_("statistics", "ended", TABLET),
  "page-characters-lorebooks": page_("characters", "lore", TABLET),
  "page-checks": page_("checks", "checked", TABLET),
  "page-settings-320-german": page_("settings", "filled", { ...SMALL, language: "de" }),
  "page-memories-arabic": page_("memories", "filled", { ...TABLET, language: "ar" }),
};

await mkdir(out, { recursive: true });
const browser = await launch();
let failed = 0;
try {
  for (const [name, shot] of Object.entries(SHOTS)) {
    if (names.length && !names.some((wanted) => name.includes(wanted))) continue;
    try {
      await take(name, shot);
      console.log(`${name}.png`);
    } catch (error) {
      failed++;
      console.log(`${name}: not taken, ${String(error).split("\n", 1)[0]}`);
    }
  }
} finally {
  await browser.close();
}
process.exitCode = failed ? 1 : 0;

/** Open a page, bring it into the state, and take its picture. */
async function take(name, { path, does: state, who = "admin", without, ...options }) {
  const wanted = {
    url: home.url,
    tokens: home[who],
    path: without ? "/profile" : path,
    ...options,
  };
  const page = await openHouse(browser, wanted);
  try {
    if (without) {
      await page.route(without, (route) => route.abort());
      await page.goto(home.url + path, { waitUntil: "domcontentloaded" });
    }
    const first = path.startsWith("/companion/") ? "waifu-rt3d-panel" : CARD;
    await page.locator(first).first().waitFor();
    await does[state](page);
    await page.screenshot({ path: join(out, `${name}.png`) });
  } finally {
    await page.context().close();
  }
}
