import type { Page } from "playwright-core";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { closeAll, errors, home, open } from "./open.js";

let page: Page;

afterEach(async () => {
  await page.context().close();
  // The frontend's own requests break with the connection, and it tells so.
  expect(errors.splice(0).filter((error) => !/^Object$|\/frontend_latest\//.test(error))).toEqual(
    [],
  );
});
afterAll(closeAll);

const card = () => page.locator("waifu-rt3d-card");
const line = () => card().locator("textarea");
const replies = () => card().locator(".hers");

/** Open the dashboard as somebody who is no administrator, and answer what the card asks once. */
async function openCard(): Promise<void> {
  page = await open(home!.path, { who: "person", width: 1000, height: 800 });
  await line().waitFor({ timeout: 60_000 });
}

/** Restart Home Assistant, as an administrator does in the settings. */
async function restart(): Promise<void> {
  const { url, admin } = home!;
  const headers = { authorization: `Bearer ${admin.access_token}` };
  // The answer may be cut off by what was asked for.
  await fetch(`${url}/api/services/homeassistant/restart`, { method: "POST", headers }).catch(
    () => undefined,
  );
}

/** Write something and wait for the whole answer. */
async function say(text: string): Promise<string> {
  await line().fill(text);
  await line().press("Enter");
  const last = card().locator("waifu-rt3d-chat li").last();
  await expect.poll(() => last.locator(".mine").textContent()).toContain(text);
  await last.locator("button.receipt").waitFor();
  return (await last.locator(".hers").textContent())!.trim();
}

describe.skipIf(!home)("a person who is no administrator", () => {
  test("gets a command done, with its receipt and the light beside her, and finds the talk again", async () => {
    await openCard();
    const spoken = await say("Turn on the kitchen light");
    expect(spoken).not.toBe("");
    expect(await card().locator("button.receipt").last().textContent()).toContain(
      "stayed in this house",
    );
    const state = await page.evaluate(() => {
      const root = document.querySelector("home-assistant") as unknown as {
        hass: { states: Record<string, { state: string }>; user: { is_admin: boolean } };
      };
      const lights = Object.entries(root.hass.states).filter(([id]) =>
        /^light\..*kitchen/.test(id),
      );
      return { lights: lights.map(([, { state }]) => state), admin: root.hass.user.is_admin };
    });
    expect(state).toEqual({ lights: ["on"], admin: false });
    await page.reload();
    await expect.poll(() => replies().last().textContent()).toContain(spoken);
    await card().locator("button.receipt").last().click();
    await card().locator("waifu-rt3d-details dl").waitFor();
  });

  test("keeps what was typed when the connection breaks, and sees nothing twice when it is back", async () => {
    await openCard();
    await say("Turn off the kitchen light");
    const before = await replies().count();
    await line().fill("half a thou");
    // Without this it may be back before anybody has looked.
    await page.context().setOffline(true);
    await page.evaluate(() => {
      const root = document.querySelector("home-assistant") as unknown as {
        hass: { connection: { socket: WebSocket } };
      };
      root.hass.connection.socket.close();
    });
    await card().locator(".notice").waitFor();
    await page.context().setOffline(false);
    await expect.poll(() => card().locator(".notice").count()).toBe(0);
    expect(await line().inputValue()).toBe("half a thou");
    expect(await replies().count()).toBe(before);
    expect(await say("Turn on the kitchen light")).not.toBe("");
    expect(await replies().count()).toBe(before + 1);
  });

  test("is told of a restart of Home Assistant, loses no typed word, and sees nothing twice", async () => {
    await openCard();
    await say("Turn off the kitchen light");
    const before = await card().locator(".mine").allTextContents();
    await line().fill("half a thou");
    await restart();
    const notice = card().locator(".notice");
    await expect.poll(() => notice.first().textContent()).toContain("connection");
    // She is the last to come back.
    const send = card().getByRole("button", { name: "Send" });
    await expect.poll(() => send.isEnabled(), { timeout: 240_000 }).toBe(true);
    await expect.poll(() => notice.count(), { timeout: 60_000 }).toBe(0);
    expect(await line().inputValue()).toBe("half a thou");
    expect(await card().locator(".mine").allTextContents()).toEqual(before);
    expect(await say("Turn on the kitchen light")).not.toBe("");
    expect(await card().locator(".mine").count()).toBe(before.length + 1);
  }, 420_000);

  test("sets a timer by writing, sees it run beside her, and stops it", async () => {
    await openCard();
    await say("Set a timer for 5 minutes");
    const timer = card().locator("waifu-rt3d-beside .timer").first();
    await expect.poll(() => timer.locator("time").textContent()).toMatch(/^4:\d\d$/);
    await timer.getByRole("button", { name: "Stop Timer" }).click();
    await expect.poll(() => timer.count()).toBe(0);
  });
});
