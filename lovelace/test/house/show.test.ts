import type { Page } from "playwright-core";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { closeAll, errors, home, open } from "./open.js";

let page: Page;

afterEach(async () => {
  await page.context().close();
  expect(errors.splice(0)).toEqual([]);
});
afterAll(closeAll);

/** Open the show's page; both of its tablets show the demo home's own dashboard. */
async function openShow(): Promise<void> {
  page = await open("/profile", { width: 1280, height: 720 });
  await page.route(/\/demo-show\//, (route) =>
    route.fulfill({ status: 302, headers: { location: home!.path } }),
  );
  await page.goto(`${home!.url}/local/show/index.html`);
  await page.locator("body[data-scene=ready]").waitFor({ timeout: 240_000 });
  // What the demo waits for, as the house tells it.
  await page.evaluate(async () => {
    const { contentDocument } = document.querySelector("iframe")!;
    const { hass } = contentDocument!.querySelector("home-assistant") as unknown as {
      hass: { connection: { subscribeEvents: (on: () => void, name: string) => Promise<unknown> } };
    };
    document.body.dataset["asked"] = "0";
    await hass.connection.subscribeEvents(() => {
      document.body.dataset["asked"] = String(Number(document.body.dataset["asked"]) + 1);
    }, "demo_show_start");
  });
}

const asked = () => page.locator("body").getAttribute("data-asked");
const isAsked = (times: number) => expect.poll(asked, { timeout: 60_000 }).toBe(String(times));

describe.skipIf(!home)("the show", () => {
  test("is played again by its button and by the key S, from a tablet too, but not by who types", async () => {
    await openShow();
    await page.getByRole("button", { name: /Play the show/ }).click();
    await isAsked(1);
    await page.keyboard.press("s");
    await isAsked(2);
    const tablet = page.locator("iframe").first().contentFrame();
    const field = tablet.locator("waifu-rt3d-composer textarea").first();
    await field.click();
    await page.keyboard.press("s");
    expect(await field.inputValue()).toBe("s");
    await field.fill("");
    await tablet.locator("body").evaluate((body) => {
      body.dispatchEvent(new KeyboardEvent("keydown", { key: "S", bubbles: true, composed: true }));
    });
    await isAsked(3);
    await page.evaluate(() => document.body.classList.add("playing"));
    await page.locator("#play").evaluate((play: HTMLButtonElement) => play.click());
    await page.evaluate(() => document.body.classList.remove("playing"));
    await page.locator("#caption").click();
    await page.keyboard.press("s");
    await isAsked(4);
  }, 300_000);
});
