/** Open pages of a running Home Assistant in Chromium, logged in as somebody. */

import { chromium } from "playwright-core";
import { CHROMIUM, FAKE_MICROPHONE, FLAGS } from "./browser.mjs";

/** Start the browser. */
export function launch(flags = []) {
  return chromium.launch({
    executablePath: CHROMIUM,
    headless: true,
    args: [...FLAGS, ...FAKE_MICROPHONE, ...flags],
  });
}

/** Open a page of the house with the tokens of a login; `prepare` gets it while it is empty. */
export async function openHouse(
  browser,
  {
    url,
    tokens,
    path,
    language = "en",
    dark = false,
    width = 1280,
    height = 800,
    calm = false,
    prepare = async () => {},
  },
) {
  const context = await browser.newContext({
    viewport: { width, height },
    locale: language,
    colorScheme: dark ? "dark" : "light",
    reducedMotion: calm ? "reduce" : "no-preference",
    permissions: ["microphone"],
  });
  await context.addInitScript(
    ([login, chosen, theme]) => {
      localStorage.setItem("hassTokens", JSON.stringify(login));
      localStorage.setItem("selectedLanguage", JSON.stringify(chosen));
      localStorage.setItem("selectedTheme", JSON.stringify(theme));
    },
    [
      { ...tokens, expires: Date.now() + tokens.expires_in * 1000 },
      language,
      { theme: "default", dark },
    ],
  );
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  await prepare(page);
  await page.goto(url + path, { waitUntil: "domcontentloaded" });
  return page;
}
