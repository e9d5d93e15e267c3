/** Everybody's figures: each feeling shows where it should, and goes again. */

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import {
  EMOTIONS,
  type Emotion,
  type Shape,
  type TimelineDocument,
} from "../../src/director/index.js";
import { BROKEN } from "../avatar/broken-files.js";
import { avatar, errors, type Harness, missing, start } from "./browser.js";
import { type Box, changedPixels } from "./pixels.js";
import { sample } from "./sample.js";

const SIZE = "300px";
const LATE_MS = 900;
const FACE: Box = { x: 60, y: 60, width: 180, height: 210 };
const ABOVE: Box = { x: 0, y: 0, width: 300, height: 28 };
const SAMPLES = { "VRM 0.x": "vrm0", "VRM 1.0": "vrm1", GLB: "glb" } as const;

const reason = missing();
let harness: Harness | undefined;
let page: Page;

beforeAll(async () => {
  if (reason) return;
  const files = new Map<string, Buffer>();
  for (const format of Object.values(SAMPLES)) files.set(`/${format}.vrm`, sample(format));
  for (const figure of ["companion", "steward", "spirit"])
    files.set(`/${figure}.vrm`, readFileSync(join(dirname(avatar!), `${figure}.vrm`)));
  BROKEN.forEach(([, make], at) => files.set(`/broken-${at}.vrm`, Buffer.from(make())));
  harness = await start(files);
});
afterAll(() => harness?.close());
afterEach(async () => {
  await page.close();
  expect(errors.splice(0)).toEqual([]);
});

/** Open a page with a card that shows a figure. */
async function show(url: string): Promise<void> {
  page = await harness!.page();
  await page.evaluate(
    ([avatar_url, size]) => {
      window.connection = new FakeConnection();
      window.connection.avatar_url = avatar_url;
      const options = { layout: "avatar", framing: "face", quality: "low" };
      window.card = place(options, { width: size, height: size });
      window.card.layout = "grid";
    },
    [url, SIZE] as const,
  );
  await page.waitForFunction(() => window.card.stageState()?.ready, null, { timeout: 40_000 });
}

/** Freeze the face in a feeling and a shape of the mouth. */
async function pictureOf(emotion: Emotion | null, shape: Shape = "sil") {
  const document = {
    v: 1,
    turn_id: "t",
    seq: 1,
    segment: 0,
    text: "",
    offset: 0,
    audio: { start_ms: 0, duration_ms: 2000 },
    visemes: [{ at_ms: 0, end_ms: 2000, shape, weight: 1 }],
    words: [],
    cues: emotion
      ? [{ at_ms: 0, kind: "emotion", name: emotion, intensity: 1, hold_ms: 2000, offset: 0 }]
      : [],
    source: "exact",
    final: true,
  } as TimelineDocument;
  const frozen = await page.evaluate(
    ([documents, at_ms]) => window.card.freezeAt(documents, at_ms),
    [[document], LATE_MS] as [TimelineDocument[], number],
  );
  return { frozen, picture: await page.screenshot() };
}

describe.skipIf(reason)("a figure", () => {
  test.each(["companion", "steward", "spirit", "vrm0", "vrm1"])(
    "%s shows each feeling in the face, and lets it go",
    async (name) => {
      await show(`/${name}.vrm`);
      const neutral = await pictureOf(null);
      for (const emotion of EMOTIONS) {
        const felt = await pictureOf(emotion);
        const inside = await changedPixels(page, neutral.picture, felt.picture, FACE);
        const above = await changedPixels(page, neutral.picture, felt.picture, ABOVE);
        expect([emotion, inside > 60, above], `${inside} pixels`).toEqual([emotion, true, 0]);
      }
      const after = await pictureOf(null);
      expect(await changedPixels(page, neutral.picture, after.picture, FACE)).toBe(0);
    },
  );

  test.each(Object.entries(SAMPLES))("that is a %s file speaks", async (_name, format) => {
    await show(`/${format}.vrm`);
    const shut = await pictureOf(null, "PP");
    const open = await pictureOf(null, "aa");
    expect(await changedPixels(page, shut.picture, open.picture, FACE)).toBeGreaterThan(60);
    const again = await pictureOf(null, "PP");
    expect(await changedPixels(page, shut.picture, again.picture, FACE)).toBe(0);
  });

  test.each(["companion", "vrm0", "vrm1"])("%s speaks happily with open lips", async (name) => {
    await show(`/${name}.vrm`);
    const shut = await pictureOf("happy", "PP");
    const open = await pictureOf("happy", "aa");
    expect(open.frozen.applied["aa"]).toBeGreaterThan(0.6);
    expect(await changedPixels(page, shut.picture, open.picture, FACE)).toBeGreaterThan(60);
  });

  test("of usual bone names lets its arms hang", async () => {
    await show("/glb.vrm");
    const info = await page.evaluate(() => window.card.stageState());
    expect(info?.problem).toBeNull();
    // In the T-pose it was made with, the sleeves would cross the picture at the shoulders.
    const picture = await page.screenshot();
    const sleeves = await page.evaluate(async (png) => {
      const image = new Image();
      image.src = `data:image/png;base64,${png}`;
      await image.decode();
      const canvas = Object.assign(document.createElement("canvas"), { width: 300, height: 300 });
      const context = canvas.getContext("2d")!;
      context.drawImage(image, 0, 0);
      const { data } = context.getImageData(0, 150, 25, 150);
      let blue = 0;
      for (let i = 0; i < data.length; i += 4) if (data[i + 2]! > data[i]! + 60) blue++;
      return blue;
    }, picture.toString("base64"));
    expect(sleeves).toBe(0);
  });

  test("that is broken gets a sentence, whatever is wrong with it", async () => {
    expect(BROKEN.length).toBeGreaterThanOrEqual(20);
    await show("/vrm1.vrm");
    for (const [at, [name, , problem]] of BROKEN.entries()) {
      await page.evaluate((avatar_url) => {
        const character = { id: "default", name: "Mira", avatar_url };
        window.connection.emit("characters", { characters: [character] });
      }, `/broken-${at}.vrm`);
      await expect
        .poll(() => page.evaluate(() => window.card.stageState()?.problem), { message: name })
        .toBe(problem);
      await page.evaluate(() => {
        const character = { id: "default", name: "Mira", avatar_url: "/vrm1.vrm" };
        window.connection.emit("characters", { characters: [character] });
      });
      await expect.poll(() => page.evaluate(() => window.card.stageState()?.problem)).toBeNull();
    }
  });

  test("leaves nothing behind on the graphics processor when it is changed", async () => {
    await show("/companion.vrm");
    const counts: string[] = [];
    for (let round = 0; round < 4; round++)
      for (const url of ["/vrm1.vrm", "/companion.vrm"]) {
        await page.evaluate((avatar_url) => {
          const character = { id: "default", name: "Mira", avatar_url };
          window.connection.emit("characters", { characters: [character] });
        }, url);
        await page.waitForFunction((wanted) => {
          const state = window.card.stageState();
          return state?.ready && state.figure === wanted && state.frames > 0;
        }, url);
        await pictureOf(null);
        await page.evaluate(() => window.card.thaw());
        if (url === "/companion.vrm")
          counts.push(
            await page.evaluate(() => {
              const { geometries, textures, contexts } = window.card.stageState()!;
              return `${geometries} ${textures} ${contexts}`;
            }),
          );
      }
    expect(new Set(counts).size, counts.join(", ")).toBe(1);
  });

  test("is not drawn while the tab is hidden", async () => {
    await show("/vrm1.vrm");
    const frames = () => page.evaluate(() => window.card.stageState()!.frames);
    await expect.poll(frames).toBeGreaterThan(2);
    const hide = (hidden: boolean) =>
      page.evaluate((value) => {
        Object.defineProperty(document, "hidden", { configurable: true, get: () => value });
        document.dispatchEvent(new Event("visibilitychange"));
      }, hidden);
    await hide(true);
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(done)));
    const before = await frames();
    await page.waitForTimeout(500);
    expect(await frames()).toBe(before);
    await hide(false);
    await expect.poll(frames).toBeGreaterThan(before + 1);
  });

  test("comes back when the graphics processor has lost it", async () => {
    await show("/companion.vrm");
    const before = await pictureOf(null);
    await page.evaluate(async () => {
      const find = (root: ParentNode): HTMLCanvasElement | null => {
        for (const element of root.querySelectorAll("*")) {
          if (element instanceof HTMLCanvasElement) return element;
          const inner = element.shadowRoot && find(element.shadowRoot);
          if (inner) return inner;
        }
        return null;
      };
      const canvas = find(document)!;
      const lose = canvas.getContext("webgl2")!.getExtension("WEBGL_lose_context")!;
      lose.loseContext();
      await new Promise((done) =>
        canvas.addEventListener("webglcontextlost", done, { once: true }),
      );
      // Only when the event has been handled may the context be given back.
      await new Promise((done) => setTimeout(done, 50));
      lose.restoreContext();
      await new Promise((done) =>
        canvas.addEventListener("webglcontextrestored", done, { once: true }),
      );
    });
    const after = await pictureOf(null);
    expect(await changedPixels(page, before.picture, after.picture, FACE)).toBe(0);
    expect(await page.evaluate(() => window.card.stageState()?.problem)).toBeNull();
  });
});
