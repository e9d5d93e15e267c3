/** Where she may be touched, in a real picture: hair, cheek, hand and shoulder, nothing else. */

import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Touchable } from "../../src/director/index.js";
import { errors, type Harness, missing, start } from "./browser.js";
import { changedPixels } from "./pixels.js";

const SIZE = 300;
const STEP = 12;

const reason = missing();
let harness: Harness | undefined;
let page: Page;

beforeAll(async () => {
  if (!reason) harness = await start();
});
afterAll(() => harness?.close());
afterEach(async () => {
  await page.close();
  expect(errors.splice(0)).toEqual([]);
});

async function show(framing: string): Promise<void> {
  page = await harness!.page({ width: SIZE + 20, height: SIZE + 20 });
  await page.evaluate(
    ([wanted, size]) => {
      const options = { layout: "avatar", framing: wanted, quality: "low" };
      window.card = place(options, { width: `${size}px`, height: `${size}px` });
      window.card.layout = "grid";
    },
    [framing, SIZE] as const,
  );
  await page.waitForFunction(() => window.card.stageState()?.ready, null, { timeout: 40_000 });
}

interface Spot {
  x: number;
  y: number;
  zone: Touchable | null;
}

/** Touch the picture everywhere, row by row. */
function touchAll(): Promise<Spot[]> {
  return page.evaluate(
    ([size, step]) => {
      const find = (root: ParentNode): HTMLElement | null => {
        for (const element of root.querySelectorAll<HTMLElement>("*")) {
          if (element.matches(".host")) return element;
          const inner = element.shadowRoot && find(element.shadowRoot);
          if (inner) return inner;
        }
        return null;
      };
      const host = find(document)!;
      const { left, top } = host.getBoundingClientRect();
      const spots: Spot[] = [];
      for (let y = step / 2; y < size; y += step)
        for (let x = step / 2; x < size; x += step) {
          const [clientX, clientY] = [left + x, top + y];
          host.dispatchEvent(new MouseEvent("click", { clientX, clientY }));
          spots.push({ x, y, zone: window.card.stageState()!.touched });
        }
      return spots;
    },
    [SIZE, STEP] as const,
  );
}

describe.skipIf(reason)("a touch", () => {
  test("is of hair above, cheeks below it, shoulders at the sides, and of nothing else", async () => {
    await show("bust");
    const spots = await touchAll();
    const of = (zone: Touchable | null) => spots.filter((spot) => spot.zone === zone);
    const mean = (list: Spot[], axis: "x" | "y") =>
      list.reduce((sum, spot) => sum + spot[axis], 0) / list.length;
    const [hair, cheeks, shoulders] = [of("hair"), of("cheek"), of("shoulder")];
    for (const list of [hair, cheeks, shoulders]) expect(list.length).toBeGreaterThan(3);
    expect(mean(hair, "y")).toBeLessThan(mean(cheeks, "y"));
    expect(mean(cheeks, "y")).toBeLessThan(mean(shoulders, "y"));
    const middle = mean(hair, "x");
    expect(Math.abs(middle - SIZE / 2)).toBeLessThan(25);
    // One on each side.
    for (const list of [cheeks, shoulders]) {
      const left = list.filter(({ x }) => x < middle).length;
      expect(left).toBeGreaterThan(0.25 * list.length);
      expect(left).toBeLessThan(0.75 * list.length);
    }
    // The breast and what is below are nobody's to touch, nor is the air beside her.
    const below = mean(shoulders, "y") + 15;
    const trunk = spots.filter(({ x, y }) => Math.abs(x - middle) < 30 && y > below);
    expect(trunk.length).toBeGreaterThan(5);
    expect(trunk.filter(({ zone }) => zone !== null)).toEqual([]);
    const corners = spots.filter(({ x, y }) => y < 20 && (x < 20 || x > SIZE - 20));
    expect(corners.filter(({ zone }) => zone !== null)).toEqual([]);
  });

  test("finds the hands where they hang, and never the legs", async () => {
    await show("full");
    const spots = await touchAll();
    const hands = spots.filter(({ zone }) => zone === "hand");
    expect(hands.length).toBeGreaterThan(1);
    const lowest = Math.max(...hands.map(({ y }) => y));
    expect(lowest).toBeLessThan(0.75 * SIZE);
    const legs = spots.filter(({ y }) => y > lowest + STEP);
    expect(legs.filter(({ zone }) => zone !== null)).toEqual([]);
  });

  test("of the hair is answered in her face, one of the air is not", async () => {
    await show("face");
    const hair = (await touchAll()).filter(({ zone }) => zone === "hair");
    const middle = hair[Math.floor(hair.length / 2)]!;
    await page.close();
    await show("face");
    const click = async ({ x, y }: { x: number; y: number }) => {
      const { left, top } = await page.evaluate(() => {
        const { left, top } = window.card.getBoundingClientRect();
        return { left, top };
      });
      await page.mouse.click(left + x, top + y);
      return page.evaluate(() => window.card.stageState()!.touched);
    };
    expect(await click({ x: 10, y: SIZE - 10 })).not.toBe("hair");
    const before = await page.screenshot();
    expect(await click(middle)).toBe("hair");
    const box = { x: 60, y: 60, width: 180, height: 200 };
    await expect
      .poll(async () => changedPixels(page, before, await page.screenshot(), box))
      .toBeGreaterThan(1500);
  });
});
