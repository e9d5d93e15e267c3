/** One Chromium for all browser tests, with the page of the card in it. */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { CHROMIUM, FLAGS } from "../../bin/browser.mjs";
import { trace } from "../traced.js";
import { serve } from "./server.mjs";

const HERE = import.meta.dirname;
/** Where the avatars are built, the first that is there. */
const AVATARS = [
  process.env["WAIFU_AVATAR"] ?? "",
  join(HERE, "../../../custom_components/waifu_rt3d/frontend/avatars/companion.vrm"),
  join(HERE, "../../dist/avatars/companion.vrm"),
];

export const avatar = AVATARS.find((path) => path && existsSync(path));

/** Say why the browser tests are skipped here, null when they run; in CI nothing may be skipped. */
export function missing(): string | null {
  const reason = !existsSync(CHROMIUM)
    ? `no Chromium at ${CHROMIUM}: apt install chromium`
    : avatar
      ? null
      : "no avatar is built: run script/build";
  if (reason && process.env["CI"]) throw new Error(reason);
  if (reason) console.warn(`Browser tests skipped: ${reason}`);
  return reason;
}

export interface PageOptions {
  width?: number;
  height?: number;
  /** Another name of the same server: only "localhost" and loopback addresses are secure. */
  host?: string;
  dark?: boolean;
  language?: string;
  permissions?: string[];
}

export interface Harness {
  page: (options?: PageOptions) => Promise<Page>;
  close: () => Promise<void>;
}

/** Start server and browser; `files` maps more paths to bytes. */
export async function start(
  files = new Map<string, Buffer>(),
  flags: string[] = [],
): Promise<Harness> {
  const server = await serve({ avatar: avatar ?? "", files });
  const browser: Browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: [...FLAGS, ...flags],
  });
  return {
    page: async ({ width = 400, height = 400, host, dark, language = "en", permissions } = {}) => {
      const context = await browser.newContext({
        viewport: { width, height },
        locale: language,
        ...(permissions ? { permissions } : {}),
      });
      const page = await context.newPage();
      page.on("pageerror", (error) => errors.push(String(error)));
      // The whole browser may be gone before.
      page.on("close", () => void context.close().catch(() => undefined));
      await trace(page);
      await page.goto(host ? server.url.replace("127.0.0.1", host) : server.url);
      await page.waitForFunction("window.pageReady");
      await page.evaluate(
        ([lang, dim]) => {
          document.documentElement.lang = lang;
          document.documentElement.dir = lang === "ar" ? "rtl" : "ltr";
          document.documentElement.classList.toggle("dark", dim);
        },
        [language, dark ?? false] as const,
      );
      return page;
    },
    close: async () => {
      await browser.close();
      server.close();
    },
  };
}

/** What broke in a page since the last look. */
export const errors: string[] = [];
