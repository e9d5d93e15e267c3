/** Every preset expression of VRM 1.0 moves what it names, on our figures and on those of others, and comes back. */

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Still, Tile } from "../../src/avatar/workbench/sheet.js";
import { EMOTIONS, type Shape } from "../../src/director/index.js";
import { avatar, errors, type Harness, missing, start } from "./browser.js";
import { sample } from "./sample.js";

const TILE: Tile = { width: 200, height: 200, columns: 4, background: "#f3eff7" };
const OURS = ["companion", "steward", "spirit"];
const MOUTHS: readonly Shape[] = ["aa", "I", "U", "E", "O"];
const LOOKS = { left: [22, 0], right: [-22, 0], up: [0, 16], down: [0, -16] } as const;
const face = { framing: "face" } as const;
const STILLS: readonly Still[] = [
  { ...face, label: "neutral" },
  { ...face, label: "blink", blink: 1 },
  ...MOUTHS.map((shape): Still => ({ ...face, label: shape, shape })),
  ...EMOTIONS.map((emotion): Still => ({ ...face, label: emotion, feelings: { [emotion]: 1 } })),
  ...Object.entries(LOOKS).map(([label, [yaw_deg, pitch_deg]]): Still => ({
    ...face,
    label,
    gaze: { yaw_deg, pitch_deg },
  })),
  { ...face, label: "again" },
];

/** Where a still differs from the neutral face. */
interface Change {
  pixels: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

const reason = missing();
let harness: Harness | undefined;

beforeAll(async () => {
  if (reason) return;
  const entry = fileURLToPath(new URL("../../src/avatar/workbench/sheet.ts", import.meta.url));
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    format: "esm",
    target: "es2022",
    write: false,
  });
  const files = new Map<string, Buffer>();
  files.set("/sheet.js", Buffer.from(outputFiles[0]!.contents));
  for (const format of ["vrm0", "vrm1"] as const) files.set(`/${format}.vrm`, sample(format));
  for (const figure of OURS)
    files.set(`/${figure}.vrm`, readFileSync(join(dirname(avatar!), `${figure}.vrm`)));
  harness = await start(files);
});
afterAll(() => harness?.close());

/** Draw all stills of a figure and compare each with the first. */
async function changesOf(figure: string): Promise<Map<string, Change>> {
  const page = await harness!.page();
  await page.addScriptTag({ type: "module", url: "/sheet.js" });
  const changes = await page.evaluate(
    async ([url, stills, tile]) => {
      const sheet = new window.Sheet();
      await sheet.load(url);
      const image = new Image();
      image.src = sheet.stills(stills, tile);
      await image.decode();
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [image.width, image.height];
      const pen = canvas.getContext("2d", { willReadFrequently: true })!;
      pen.drawImage(image, 0, 0);
      const rows = Math.ceil(stills.length / tile.columns);
      const step = image.height / rows;
      const read = (at: number) => {
        const [x, y] = [(at % tile.columns) * tile.width, Math.floor(at / tile.columns) * step];
        return pen.getImageData(x, y, tile.width, tile.height).data;
      };
      const before = read(0);
      return stills.map((_, at) => {
        const change = { pixels: 0, left: 1e9, right: -1, top: 1e9, bottom: -1 };
        const after = read(at);
        for (let i = 0; i < after.length; i += 4) {
          const far = [0, 1, 2].reduce(
            (sum, c) => sum + Math.abs(after[i + c]! - before[i + c]!),
            0,
          );
          if (far <= 60) continue;
          const [x, y] = [(i / 4) % tile.width, Math.floor(i / 4 / tile.width)];
          change.pixels++;
          change.left = Math.min(change.left, x);
          change.right = Math.max(change.right, x);
          change.top = Math.min(change.top, y);
          change.bottom = Math.max(change.bottom, y);
        }
        return change;
      });
    },
    [`/${figure}.vrm`, STILLS, TILE] as [string, Still[], Tile],
  );
  await page.close();
  return new Map(STILLS.map(({ label }, at) => [label, changes[at]!]));
}

describe.skipIf(reason)("each preset expression", () => {
  test.each([...OURS, "vrm0", "vrm1"])(
    "of %s shows in its part of the face alone",
    async (figure) => {
      const changes = await changesOf(figure);
      const at = (label: string) => changes.get(label)!;
      const eyes = at("blink");
      const mouth = at("aa");
      expect(eyes.pixels).toBeGreaterThan(60);
      expect(mouth.pixels).toBeGreaterThan(40);
      expect(eyes.bottom, "eyes above the mouth").toBeLessThan(mouth.top);
      for (const shape of MOUTHS) {
        expect(at(shape).pixels, shape).toBeGreaterThan(15);
        expect(at(shape).top, shape).toBeGreaterThan(eyes.bottom);
      }
      const width = eyes.right - eyes.left;
      for (const emotion of EMOTIONS) {
        const change = at(emotion);
        expect(change.pixels, emotion).toBeGreaterThan(60);
        // It reaches the brows and the mouth, and nothing beside or above the face.
        expect(change.top, emotion).toBeLessThan(eyes.bottom);
        expect(change.top, emotion).toBeGreaterThan(eyes.top - 0.6 * width);
        expect(change.bottom, emotion).toBeGreaterThan(eyes.bottom);
        expect(change.left, emotion).toBeGreaterThan(eyes.left - 0.2 * width);
        expect(change.right, emotion).toBeLessThan(eyes.right + 0.2 * width);
      }
      if (OURS.includes(figure))
        for (const look of Object.keys(LOOKS)) {
          expect(at(look).pixels, look).toBeGreaterThan(20);
          expect(at(look).top, look).toBeGreaterThanOrEqual(eyes.top - 3);
          expect(at(look).bottom, look).toBeLessThanOrEqual(eyes.bottom + 3);
        }
      expect(at("again").pixels, "the neutral face again").toBe(0);
      expect(errors.splice(0)).toEqual([]);
    },
  );
});
