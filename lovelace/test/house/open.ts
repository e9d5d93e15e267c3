/** Pages of the house under test, and what axe-core has to say about them. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { inject } from "vitest";
import { launch, openHouse } from "../../bin/house-page.mjs";
import { trace } from "../traced.js";
import type { Home } from "./setup.js";

const AXE = join(import.meta.dirname, "../../node_modules/axe-core/axe.min.js");

export const home = inject("home");
/** What broke in a page since the last look. */
export const errors: string[] = [];

let browser: Browser | null = null;

export interface Wanted {
  who?: "admin" | "person";
  language?: string;
  dark?: boolean;
  width?: number;
  height?: number;
}

/** Open a path of the house as somebody. */
export async function open(
  path: string,
  { who = "admin", ...options }: Wanted = {},
): Promise<Page> {
  browser ??= await launch();
  const { url, [who]: tokens } = home as Home;
  const page = await openHouse(browser, { url, tokens, path, prepare: trace, ...options });
  page.on("pageerror", (error) => errors.push(String(error)));
  return page;
}

/** Open a page of the companion and wait until it is filled. */
export async function openPage(name: string, wanted: Wanted = {}): Promise<Page> {
  const page = await open(`/companion/${name}`, wanted);
  await page.locator(`waifu-rt3d-page-${name} .page`).waitFor();
  return page;
}

export async function closeAll(): Promise<void> {
  await browser?.close();
  browser = null;
}

/** Give what axe-core finds wrong with an element, as short sentences. */
export async function violations(page: Page, element: Locator): Promise<string[]> {
  await page.evaluate(readFileSync(AXE, "utf8"));
  return element.first().evaluate(async (root) => {
    const { axe } = window as unknown as { axe: { run: (root: Element) => Promise<Result> } };
    interface Result {
      violations: { id: string; nodes: { target: unknown[]; failureSummary?: string }[] }[];
    }
    const { violations } = await axe.run(root);
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(
        ({ target, failureSummary }) => `${id}: ${JSON.stringify(target)} ${failureSummary ?? ""}`,
      ),
    );
  });
}

/** Give the elements of a page that stand out of it to the side. */
export function overflowing(page: Page): Promise<string[]> {
  return page.locator("waifu-rt3d-panel").evaluate((panel) => {
    const found: string[] = [];
    const right = panel.getBoundingClientRect().right + 1;
    const look = (root: ShadowRoot | Element): void => {
      for (const element of root.querySelectorAll("*")) {
        if (element.closest("nav, .unseen, .announce")) continue;
        const box = element.getBoundingClientRect();
        if (box.width && box.right > right) found.push(`${element.localName}.${element.className}`);
        if (element.shadowRoot) look(element.shadowRoot);
      }
    };
    if (panel.shadowRoot) look(panel.shadowRoot);
    return found;
  });
}
