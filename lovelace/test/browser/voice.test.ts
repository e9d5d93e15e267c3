import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { errors, type Harness, missing, type PageOptions, start } from "./browser.js";
import { toneFile } from "./sound.js";

const reason = missing();
/** A name that leads to this machine and is not secure, as http://homeassistant.local is. */
const INSECURE_HOST = "house.test";
const folder = mkdtempSync(join(tmpdir(), "waifu-rt3d-"));
let harness: Harness | undefined;
let page: Page;

beforeAll(async () => {
  if (reason) return;
  const microphone = join(folder, "microphone.wav");
  writeFileSync(microphone, toneFile(4000, 48_000));
  harness = await start(new Map(), [
    "--use-fake-device-for-media-stream",
    `--use-file-for-fake-audio-capture=${microphone}`,
    `--host-resolver-rules=MAP ${INSECURE_HOST} 127.0.0.1`,
  ]);
});
afterAll(async () => {
  await harness?.close();
  rmSync(folder, { recursive: true });
});
afterEach(async () => {
  await page.close();
  expect(errors.splice(0)).toEqual([]);
});

/** Open a page with a card that shows only the chat. */
async function open(options: PageOptions = {}, config: object = {}): Promise<void> {
  page = await harness!.page({ permissions: ["microphone"], ...options });
  await page.evaluate((more) => {
    window.card = place({ layout: "text", ...more }, { width: "380px", height: "390px" });
    window.card.layout = "grid";
  }, config);
  await page.locator("textarea").waitFor();
}

const button = () => page.locator("waifu-rt3d-microphone button");
const sound = () => page.evaluate(() => window.connection.sound);
const sent = (type: string) =>
  page.evaluate((name) => window.connection.sent.filter((message) => message.type === name), type);

describe.skipIf(reason)("push to talk", () => {
  test("sends 16 kHz frames while the button is held, and the end when it is let go", async () => {
    await open();
    await button().hover();
    await page.mouse.down();
    await expect.poll(() => sound().then((all) => all.length)).toBeGreaterThan(50);
    const [first, last] = await page.evaluate(async () => {
      const count = () => window.connection.sound.length;
      const from = { at: performance.now(), frames: count() };
      await new Promise((done) => setTimeout(done, 1000));
      return [from, { at: performance.now(), frames: count() }] as const;
    });
    const frames_per_s = ((last.frames - first.frames) * 1000) / (last.at - first.at);
    expect(frames_per_s).toBeGreaterThan(42);
    expect(frames_per_s).toBeLessThan(58);
    await page.mouse.up();
    const frames = await sound();
    expect(frames.at(-1)).toEqual([5]);
    expect(frames.slice(0, -1).every((frame) => frame.length === 641 && frame[0] === 5)).toBe(true);
    // The device plays a tone of 440 Hz: so many times does it cross zero upwards in a second.
    const samples = frames
      .slice(10, 60)
      .flatMap((frame) => [...new Int16Array(Uint8Array.from(frame.slice(1)).buffer)]);
    const crossings = samples.filter((s, i) => i > 0 && samples[i - 1]! < 0 && s >= 0).length;
    expect(crossings).toBeGreaterThan(420);
    expect(crossings).toBeLessThan(460);
    expect(await sent("waifu_rt3d/turn/listen")).toMatchObject([{ hold: true, speak: true }]);
  });

  test("works with the space bar alone", async () => {
    await open();
    await button().focus();
    await page.keyboard.down(" ");
    await expect.poll(() => sound().then((all) => all.length)).toBeGreaterThan(30);
    await page.keyboard.up(" ");
    expect((await sound()).at(-1)).toEqual([5]);
  });
});

describe.skipIf(reason)("tap to talk", () => {
  test("lights up with the first sound, shows the words as they are understood, and ends by itself", async () => {
    await open();
    await button().click();
    await page.locator(".live.recording").waitFor();
    await expect.poll(() => sent("waifu_rt3d/turn/listen")).toMatchObject([{ hold: false }]);
    await page.evaluate(() => {
      const turn = "spoken-1";
      window.connection.turn("listening", {}, turn);
      window.connection.emit("heard", { text: "what ti", final: false }, turn);
    });
    await expect.poll(() => page.locator(".partial").textContent()).toContain("what ti");
    await page.evaluate(() => {
      window.connection.emit("heard", { text: "What time is it?", final: true }, "spoken-1");
      window.connection.turn("thinking", {}, "spoken-1");
    });
    await page.locator("textarea").waitFor();
    expect(await page.locator(".partial").count()).toBe(0);
    const frames = (await sound()).length;
    await page.waitForTimeout(200);
    expect((await sound()).length).toBe(frames);
  });

  test("is dropped with Escape, and what was typed before is still there", async () => {
    await open();
    await page.locator("textarea").fill("half a thou");
    await page.locator("textarea").fill("");
    await button().click();
    await page.locator(".live.recording").waitFor();
    await expect.poll(() => sent("waifu_rt3d/turn/listen")).toHaveLength(1);
    await page.keyboard.press("Escape");
    await page.locator("textarea").waitFor();
    await expect
      .poll(() => sent("waifu_rt3d/turn/cancel"))
      .toMatchObject([{ turn_id: "spoken-1" }]);
  });

  test("while she speaks stops her first", async () => {
    await open();
    await page.evaluate(() => window.connection.turn("speaking", {}, "turn-1"));
    await button().click();
    await expect.poll(() => sent("waifu_rt3d/turn/cancel")).toMatchObject([{ turn_id: "turn-1" }]);
    await page.locator(".live.recording").waitFor();
  });

  test("over a lost connection stops listening", async () => {
    await open();
    await button().click();
    await page.locator(".live.recording").waitFor();
    await page.evaluate(() => window.connection.drop());
    await page.locator("textarea").waitFor();
    await expect.poll(() => page.locator(".notice").textContent()).toContain("lost");
  });
});

describe.skipIf(reason)("without a microphone", () => {
  test("a plain http page says so before anybody taps, and what to do", async () => {
    await open({ host: INSECURE_HOST });
    await expect.poll(() => page.locator(".notice").textContent()).toContain("plain http");
    await page.locator(".notice button").first().click();
    const sheet = page.locator("dialog");
    await expect.poll(() => sheet.textContent()).toContain("https address");
    expect(await sheet.textContent()).toContain("satellite in the room");
    await page.keyboard.press("Escape");
    await page.locator(".notice button").last().click();
    expect(await page.locator(".notice").count()).toBe(0);
    await button().click();
    await sheet.waitFor();
    expect(await sent("waifu_rt3d/turn/listen")).toEqual([]);
  });

  test("a refusal is explained, and tapping tries again", async () => {
    await open({ permissions: [] });
    await page.evaluate(() => {
      navigator.mediaDevices.getUserMedia = () =>
        Promise.reject(new DOMException("", "NotAllowedError"));
    });
    await button().click();
    await expect.poll(() => page.locator(".notice").textContent()).toContain("refused");
  });
});

describe.skipIf(reason)("what works here", () => {
  test("lists every part and gives a report without names or hosts", async () => {
    await open({ language: "de" }, { layout: "subtitles" }).catch(() => undefined);
    await page.locator(".status").click();
    const sheet = page.locator("dialog");
    await expect.poll(() => sheet.locator("li strong").count()).toBe(9);
    expect(await sheet.textContent()).toContain("Spracherkennung");
    await page.evaluate(() => {
      navigator.clipboard.writeText = (text) => {
        Object.assign(window, { copied: text });
        return Promise.resolve();
      };
    });
    await sheet.locator("footer button").last().click();
    await page.waitForFunction("window.copied");
    const report = await page.evaluate(() => (window as unknown as { copied: string }).copied);
    expect(report).toContain("house: good");
    expect(report).not.toMatch(/Mira|127\.0\.0\.1|session|turn-/);
  });
});
