/** Three browsers as Debian ships them, each driven by a protocol that it speaks itself. */

import { existsSync } from "node:fs";
import { chromium as playwright } from "playwright-core";
import puppeteer from "puppeteer-core";
import { CHROMIUM } from "../../../bin/browser.mjs";
import { missingView, webkit, WEBKIT_DRIVER, XVFB } from "./webkit.js";

const FIREFOX = process.env["FIREFOX"] ?? "/usr/bin/firefox-esr";
const PAGE_MS = 60_000;

/** A page that is driven from outside. */
export interface Driven {
  goto(url: string): Promise<void>;
  /** Run a function in the page; arguments and result are JSON. */
  run<Given extends unknown[], Result>(
    script: (...given: Given) => Result | Promise<Result>,
    ...given: Given
  ): Promise<Result>;
  /** Put a finger down and lift it, which counts as a gesture. */
  press(x: number, y: number): Promise<void>;
  release(): Promise<void>;
  /** Type into what has the focus, and press Enter. */
  write(text: string): Promise<void>;
  escape(): Promise<void>;
  picture(file: `${string}.png`): Promise<void>;
  close(): Promise<void>;
}

export interface DrivenBrowser {
  name: string;
  /** What must be installed for it; null when all is there. */
  missing: string | null;
  drive(environment: NodeJS.ProcessEnv): Promise<Driven>;
}

export const BROWSERS: readonly DrivenBrowser[] = [
  { name: "Chromium", missing: without("chromium", CHROMIUM), drive: chromium },
  { name: "Firefox", missing: without("firefox-esr", FIREFOX), drive: firefox },
  {
    name: "WebKitGTK",
    missing: without("webkit2gtk-driver xvfb", WEBKIT_DRIVER, XVFB) ?? missingView(),
    drive: webkit,
  },
];

/** Say which programs are missing, and the packages that bring them; what plays and speaks is needed by all. */
function without(packages: string, ...programs: string[]): string | null {
  const sound = ["pulseaudio", "paplay", "parec", "flite"].map((name) => `/usr/bin/${name}`);
  const lost = [...programs, ...sound].find((program) => !existsSync(program));
  return lost ? `no ${lost}: apt install ${packages} pulseaudio pulseaudio-utils flite` : null;
}

/** Start Chromium with the microphone of the environment; its figure is tried elsewhere. */
async function chromium(environment: NodeJS.ProcessEnv): Promise<Driven> {
  const browser = await playwright.launch({
    executablePath: CHROMIUM,
    env: environment,
    // What she says is listened to.
    ignoreDefaultArgs: ["--mute-audio"],
    args: ["--no-sandbox", "--disable-gpu"],
  });
  const context = await browser.newContext({
    viewport: { width: 1000, height: 800 },
    permissions: ["microphone"],
  });
  const page = await context.newPage();
  page.setDefaultTimeout(PAGE_MS);
  return driven(page, () => browser.close());
}

/** What the pages of both libraries have in common. */
interface Steered {
  goto(url: string, options: { waitUntil: "domcontentloaded" }): Promise<unknown>;
  evaluate(code: string): Promise<unknown>;
  screenshot(options: { path: `${string}.png` }): Promise<unknown>;
  mouse: {
    move(x: number, y: number): Promise<void>;
    down(): Promise<void>;
    up(): Promise<void>;
  };
  keyboard: {
    type(text: string): Promise<void>;
    press(key: "Enter" | "Escape"): Promise<void>;
  };
}

/** Give a page of either library as the tests drive it. */
function driven(page: Steered, close: () => Promise<void>): Driven {
  return {
    goto: async (url) => {
      await page.goto(url, { waitUntil: "domcontentloaded" });
    },
    run: (script, ...given) => soon(page.evaluate(called(script, given)) as Promise<never>),
    press: async (x, y) => {
      await page.mouse.move(x, y);
      await page.mouse.down();
    },
    release: () => page.mouse.up(),
    write: async (text) => {
      await page.keyboard.type(text);
      await page.keyboard.press("Enter");
    },
    escape: () => page.keyboard.press("Escape"),
    picture: async (path) => {
      await page.screenshot({ path });
    },
    close,
  };
}

/** Give what comes within a minute: a page that stands still must not hold up all the others. */
function soon<Result>(coming: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout;
  const late = new Promise<never>((_, reject) => {
    const error = new Error(`the page did not answer within ${PAGE_MS} ms`);
    timer = setTimeout(() => reject(error), PAGE_MS);
  });
  return Promise.race([coming, late]).finally(() => clearTimeout(timer));
}

/** Write a call down, as every browser reads it. */
function called(script: (...given: never[]) => unknown, given: readonly unknown[]): string {
  return `(${String(script)})(...${JSON.stringify(given)})`;
}

/** Start Firefox; it is driven by WebDriver BiDi, without a driver program between. */
async function firefox(environment: NodeJS.ProcessEnv): Promise<Driven> {
  const browser = await puppeteer.launch({
    browser: "firefox",
    executablePath: FIREFOX,
    headless: true,
    env: environment,
    // Nobody is there to answer its question; the card's own part of it is what is tried.
    extraPrefsFirefox: { "media.navigator.permission.disabled": true },
  });
  const page = await browser.newPage();
  await page.setViewport({ width: 1000, height: 800 });
  page.setDefaultTimeout(PAGE_MS);
  return driven(page, () => browser.close());
}
