#!/usr/bin/env node
/**
 * Walk a new user's way through Home Assistant in Chromium, given as one JSON line on standard input:
 *   {"url", "tokens", "agent", "name", "question", "out"}
 * Adds the integration, picks the agent that is there already, meets the character on her own page, looks behind
 * an answer and talks to her in Assist; no YAML and no restart. Pictures go to `out`. Prints {"answer"} or {"error": sentence} as its last line.
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";
import { CHROMIUM, FLAGS } from "./browser.mjs";

const WAIT_MS = 40_000;
/** Her figure is drawn by the processor, and a check takes a while. */
const DRAWN_MS = 6000;

const profile = mkdtempSync(join(tmpdir(), "waifu-rt3d-steps-"));
let context;
let page;
let out;
let pictures = 0;
let step = "open the page";

/** Name what comes next, and keep a picture of where we are. */
async function next(name) {
  pictures += 1;
  await page.waitForTimeout(400);
  const file = `${String(pictures).padStart(2, "0")}-${step.replaceAll(" ", "-").toLowerCase()}`;
  await page.screenshot({ path: join(out, `${file}.png`) });
  step = name;
}

/** Press something that shows these words. */
async function press(words, within = page) {
  const button = within.getByRole("button", { name: words }).first();
  await button.waitFor({ timeout: WAIT_MS });
  await button.click();
}

/** Choose an option of the drop-down list with a label; the list is a field of a form. */
async function choose(label, option) {
  const at = await page
    .locator("ha-selector-select")
    .evaluateAll((fields, wanted) => fields.findIndex((field) => field.label === wanted), label);
  const field = page.locator("ha-selector-select").nth(at);
  await field.locator("ha-picker-field, ha-select").first().click();
  await field.getByText(option, { exact: true }).last().click();
}

/** Read what was answered last in Assist; its text is in elements inside of elements. */
function lastAnswer() {
  const texts = (node) =>
    node.nodeType === Node.TEXT_NODE
      ? node.data
      : node.localName === "style"
        ? ""
        : [...(node.shadowRoot?.childNodes ?? []), ...node.childNodes].map(texts).join("");
  const find = (root) =>
    [...root.querySelectorAll("*")].flatMap((one) => [
      ...(one.matches(".message.hass") ? [one] : []),
      ...(one.shadowRoot ? find(one.shadowRoot) : []),
    ]);
  const said = find(document).map((one) => texts(one).trim());
  return said.length > 1 && said.at(-1).length > 3 ? said.at(-1) : null;
}

/** Go all the way and return what the character said. */
async function walk({ url, tokens, agent, name, question }) {
  context = await chromium.launchPersistentContext(profile, {
    executablePath: CHROMIUM,
    headless: true,
    args: FLAGS,
    viewport: { width: 1180, height: 860 },
  });
  context.setDefaultTimeout(WAIT_MS);
  await context.addInitScript(
    (login) => {
      localStorage.setItem("hassTokens", JSON.stringify(login));
      localStorage.setItem("selectedLanguage", '"en"');
    },
    { ...tokens, expires: Date.now() + tokens.expires_in * 1000 },
  );
  page = context.pages()[0] ?? (await context.newPage());
  await page.goto(`${url}/config/integrations/dashboard/add?domain=waifu_rt3d`, {
    waitUntil: "domcontentloaded",
  });
  await page
    .getByRole("button", { name: /^(ok|yes)$/i })
    .first()
    .waitFor();
  await next("start the set-up");
  await press(/^(ok|yes)$/i);
  const menu = page.getByText("Companion", { exact: true }).last();
  await menu.waitFor();
  await next("choose the companion");
  await menu.click();
  await page.locator("step-flow-form ha-input").first().waitFor();
  await next("fill in the form");
  await choose("Thinks with", agent);
  await next("send the form");
  await press(/submit/i);
  await page.locator("step-flow-create-entry").waitFor();
  await next("finish");
  await press(/finish/i);
  await meet(url);
  return ask(url, name, question);
}

/** Meet her on her own page before anything else, have a light turned on, look behind the answer, and at the checks. */
async function meet(url) {
  const hers = page.locator("waifu-rt3d-chat .hers");
  const answered = async (count) => {
    await hers.nth(count - 1).waitFor();
    await page.locator("waifu-rt3d-view .status.idle").first().waitFor();
  };
  const say = async (text) => {
    const before = await hers.count();
    const field = page.locator("waifu-rt3d-view textarea").first();
    await field.fill(text);
    await field.press("Enter");
    await answered(before + 1);
  };
  await next("meet her");
  await page.goto(`${url}/companion`, { waitUntil: "domcontentloaded" });
  await page.locator("waifu-rt3d-stage canvas").first().waitFor();
  await answered(1);
  await page.waitForTimeout(DRAWN_MS);
  await next("tell a name");
  await say("Alex");
  await next("turn on a light");
  await say("Turn on the kitchen light");
  await page.locator("button.receipt").last().waitFor();
  await next("look behind it");
  await page.locator("button.receipt").last().click();
  await page.locator("waifu-rt3d-details dl").waitFor();
  await next("check");
  await page.locator('waifu-rt3d-panel nav a[href$="/checks"]').click();
  await page.locator("waifu-rt3d-page-checks .checks strong").first().waitFor();
  await page.waitForTimeout(DRAWN_MS);
  await next("open Assist");
}

/** Ask her in Assist, as any other assistant of the house, and return what she says. */
async function ask(url, name, question) {
  await page.goto(url, { waitUntil: "domcontentloaded" });
  await page.locator("home-assistant-main").first().waitFor();
  await page.waitForTimeout(3000);
  await page.keyboard.press("a");
  const assist = page.locator("ha-voice-command-dialog");
  await assist.locator("ha-assist-chat").waitFor();
  await next("choose the character");
  await assist.locator("ha-dropdown ha-button").first().click();
  await assist.locator("ha-dropdown-item").filter({ hasText: name }).click();
  await next("ask");
  const field = assist.locator("ha-assist-chat").getByRole("textbox").first();
  await field.fill(question);
  await field.press("Enter");
  await page.waitForFunction(lastAnswer, null, { timeout: WAIT_MS });
  await page.waitForTimeout(2500);
  await next("done");
  return page.evaluate(lastAnswer);
}

try {
  for await (const line of createInterface({ input: process.stdin })) {
    const request = JSON.parse(line);
    out = request.out;
    let reply;
    try {
      reply = { answer: await walk(request) };
    } catch (error) {
      await page?.screenshot({ path: join(out, "failed.png") }).catch(() => undefined);
      reply = { error: `could not ${step}: ${String(error.message).split("\n")[0]}` };
    }
    console.log(JSON.stringify(reply));
    break;
  }
} finally {
  await context?.close();
  rmSync(profile, { recursive: true, force: true });
}
