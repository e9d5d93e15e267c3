import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { Timeline, weightsAt } from "../../src/director/index.js";
import { timeline } from "../golden.js";
import { errors, type Harness, missing, start } from "./browser.js";
import { type Box, changedPixels } from "./pixels.js";

/** In the golden reply: an open "aa", and the closure of "mum". */
const OPEN_MS = 440;
const SHUT_MS = 340;
/** Without its smile, so that only the words move the mouth. */
const said = timeline.segments.map((segment) => ({ ...segment, cues: [] }));
const SIZE = "300px";

const reason = missing();
let harness: Harness | undefined;
let page: Page;

beforeAll(async () => {
  if (!reason) harness = await start(new Map([["/broken.vrm", Buffer.from("this is no model")]]));
});
afterAll(() => harness?.close());
afterEach(async () => {
  await page.close();
  expect(errors.splice(0)).toEqual([]);
});

/** Place a card with her face and wait until she stands there. */
async function placeCard(config: object = {}): Promise<void> {
  await page.evaluate(
    ([more, size]) => {
      const options = { layout: "avatar", framing: "face", quality: "low", ...more };
      window.card = place(options, { width: size, height: size });
      window.card.layout = "grid";
    },
    [config, SIZE] as const,
  );
  await page.waitForFunction(() => window.card.stageState()?.ready, null, { timeout: 40_000 });
}

/** Freeze the face at a time of the golden reply and look. */
async function pictureAt(audio_ms: number) {
  const frozen = await page.evaluate(
    ([documents, at_ms]) => window.card.freezeAt(documents, at_ms),
    [said, audio_ms] as const,
  );
  return { frozen, picture: await page.screenshot() };
}

describe.skipIf(reason)("the stage", () => {
  test("opens the mouth for aa and shuts it for m, exactly as the timeline says", async () => {
    page = await harness!.page();
    await placeCard();
    const open = await pictureAt(OPEN_MS);
    const shut = await pictureAt(SHUT_MS);
    const rest = await pictureAt(660);
    const reply = Timeline.of(timeline.segments);
    expect(open.frozen.weights).toEqual(weightsAt(reply, OPEN_MS));
    expect(shut.frozen.weights).toEqual(weightsAt(reply, SHUT_MS));
    const mouth = ["aa", "ih", "ou", "ee", "oh"].map((name) => shut.frozen.applied[name]);
    expect(mouth).toEqual([0, 0, 0, 0, 0]);
    expect(open.frozen.applied["aa"]).toBeGreaterThan(0.5);
    const lips: Box = { x: 110, y: 170, width: 80, height: 70 };
    const opened = await changedPixels(page, shut.picture, open.picture, lips);
    const rested = await changedPixels(page, shut.picture, rest.picture, lips);
    expect(opened).toBeGreaterThan(60);
    expect(opened).toBeGreaterThan(3 * rested);
    const again = await pictureAt(OPEN_MS);
    expect(again.picture.equals(open.picture)).toBe(true);
  });

  test("lives: frames come, and she comes back to life after a freeze", async () => {
    page = await harness!.page();
    await placeCard();
    await pictureAt(OPEN_MS);
    const frames = () => page.evaluate(() => window.card.stageState()!.frames);
    const frozen = await frames();
    await page.waitForTimeout(400);
    expect(await frames()).toBe(frozen);
    await page.evaluate(() => window.card.thaw());
    await page.waitForFunction((before) => window.card.stageState()!.frames > before + 2, frozen);
  });

  test("keeps one WebGL context over thirty mounts in changing places", async () => {
    page = await harness!.page();
    await placeCard();
    const contexts = await page.evaluate(async () => {
      const seen: number[] = [];
      for (let i = 0; i < 30; i++) {
        const frame = window.card.parentElement!;
        frame.remove();
        if (i % 3 === 0) await new Promise((done) => setTimeout(done, 20));
        document.body.append(frame);
        await new Promise((done) => requestAnimationFrame(done));
        seen.push(window.card.stageState()!.contexts);
      }
      return seen;
    });
    expect(Math.max(...contexts)).toBe(1);
    await page.waitForFunction(() => window.card.stageState()?.ready);
    const canvases = await page.locator("canvas").count();
    expect(canvases).toBe(1);
  });

  test("gives the picture to the newest card, copies to the older one, and gives it back", async () => {
    page = await harness!.page({ width: 400, height: 700 });
    await placeCard();
    /** What each card has: the picture itself or a copy, and whether anything is on it. */
    const shown = () =>
      page.evaluate(() =>
        [...document.querySelectorAll("waifu-rt3d-card")].map((card) => {
          const view = card.shadowRoot!.querySelector("waifu-rt3d-view");
          const picture = view!.shadowRoot!.querySelector("waifu-rt3d-picture");
          const stage = picture!.shadowRoot!.querySelector("waifu-rt3d-stage");
          const canvases = [...stage!.shadowRoot!.querySelectorAll("canvas")];
          if (canvases.length !== 1) return `${canvases.length} canvases`;
          const copy = canvases[0]!.getContext("2d");
          if (!copy) return "the picture";
          const { width, height } = canvases[0]!;
          const drawn = copy.getImageData(0, 0, width, height).data.some((value) => value > 0);
          return drawn ? "a copy" : "an empty copy";
        }),
      );
    expect(await shown()).toEqual(["the picture"]);
    await page.evaluate((size) => {
      place({ layout: "avatar", quality: "low" }, { width: size, height: size });
    }, SIZE);
    await expect.poll(shown).toEqual(["a copy", "the picture"]);
    await page.evaluate(() => document.querySelectorAll("waifu-rt3d-card")[1]!.remove());
    await expect.poll(shown).toEqual(["the picture"]);
    expect(await page.evaluate(() => window.card.stageState()!.contexts)).toBe(1);
  });

  test("draws nothing while she is scrolled out of sight", async () => {
    page = await harness!.page();
    await placeCard();
    await page.evaluate(() => {
      document.body.prepend(Object.assign(document.createElement("div"), { id: "above" }));
      document.getElementById("above")!.style.height = "3000px";
      scrollTo(0, 0);
    });
    const frames = () => page.evaluate(() => window.card.stageState()!.frames);
    const drawnIn = async (wait_ms: number) => {
      const first = await frames();
      await page.waitForTimeout(wait_ms);
      return (await frames()) - first;
    };
    await expect.poll(() => drawnIn(600), { timeout: 30_000 }).toBe(0);
    const before = await frames();
    await page.evaluate(() => document.getElementById("above")!.remove());
    await expect.poll(frames).toBeGreaterThan(before);
  });

  test("asleep she is drawn at most once in two seconds, and wakes at once", async () => {
    page = await harness!.page();
    await placeCard({ quality: "mid" });
    const sleep = (asleep: boolean) =>
      page.evaluate(
        (value) =>
          window.connection.emit("perform", { character: "default", cues: [], asleep: value }, "x"),
        asleep,
      );
    const frames = () => page.evaluate(() => window.card.stageState()!.frames);
    /** How many frames were drawn beyond one in two seconds; the page's own clock judges. */
    const tooManyIn = (wait_ms: number) =>
      page.evaluate(async (wait) => {
        const first = window.card.stageState()!.frames;
        const began = performance.now();
        await new Promise((done) => setTimeout(done, wait));
        const allowed = Math.floor((performance.now() - began) / 2000) + 1;
        return Math.max(0, window.card.stageState()!.frames - first - allowed);
      }, wait_ms);
    await sleep(true);
    await expect.poll(() => tooManyIn(1900), { timeout: 30_000 }).toBe(0);
    expect(await tooManyIn(3900)).toBe(0);
    const before = await frames();
    await sleep(false);
    await expect.poll(frames).toBeGreaterThan(before + 3);
  });

  test.each([
    ["/broken.vrm", "The avatar's file is no VRM or glTF model."],
    ["/nothing.vrm", "The avatar's file is missing."],
  ])("says in a sentence what is wrong with %s and draws a face", async (url, sentence) => {
    page = await harness!.page();
    await page.evaluate((avatar_url) => {
      window.connection = new FakeConnection();
      window.connection.avatar_url = avatar_url;
    }, url);
    await placeCard();
    await expect.poll(() => page.locator(".note").textContent()).toBe(sentence);
    const open = await pictureAt(OPEN_MS);
    const shut = await pictureAt(SHUT_MS);
    expect(open.picture.equals(shut.picture)).toBe(false);
    expect(shut.frozen.applied["aa"]).toBe(0);
  });

  test("draws the face where WebGL 2 is missing, and says so", async () => {
    page = await harness!.page();
    await page.evaluate(() => {
      Reflect.deleteProperty(window, "WebGL2RenderingContext");
    });
    await placeCard();
    await expect.poll(() => page.locator(".note").textContent()).toContain("WebGL 2 is missing");
    expect(await page.locator("canvas").count()).toBe(0);
  });
});
