// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Governor, LIMITS, pixelRatio, TIERS } from "../../src/avatar/quality.js";

const DAY_MS = 24 * 3_600_000;

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
});
afterEach(() => vi.useRealTimers());

/** Let so many frames pass that take so long. */
function frames(governor: Governor, count: number, cost_ms: number): void {
  for (let i = 0; i < count; i++) governor.note(cost_ms);
}

describe("the tier", () => {
  test("is the best while frames come in time", () => {
    const governor = new Governor("auto");
    frames(governor, 500, 0);
    expect(governor.tier).toBe("high");
  });

  test("falls step by step on a machine that is too slow, and is remembered", () => {
    const governor = new Governor("auto");
    frames(governor, 24, 90);
    expect(governor.tier).toBe("mid");
    frames(governor, 24, 90);
    expect(governor.tier).toBe("low");
    frames(governor, 24, 40);
    expect(governor.tier).toBe("low");
    expect(new Governor("auto").tier).toBe("low");
  });

  test("falls quickly where frames are hopeless, and then says that a drawn face is better", () => {
    const governor = new Governor("auto");
    frames(governor, 3 * 6, 400);
    expect(governor.tier).toBe("still");
    expect(governor.tooSlow).toBe(false);
    frames(governor, 3 * 24, 400);
    expect(governor.tooSlow).toBe(true);
  });

  test("of a slow day is not for ever: after a week the next better one is tried", () => {
    frames(new Governor("auto"), 3 * 6, 400);
    vi.advanceTimersByTime(6 * DAY_MS);
    expect(new Governor("auto").tier).toBe("still");
    vi.advanceTimersByTime(2 * DAY_MS);
    expect(new Governor("auto").tier).toBe("low");
    expect(new Governor("auto").tier).toBe("low");
    vi.advanceTimersByTime(8 * DAY_MS);
    expect(new Governor("auto").tier).toBe("mid");
  });

  test.each(TIERS)("%s that somebody chose stays, whatever frames cost", (tier) => {
    const governor = new Governor(tier);
    frames(governor, 100, 900);
    expect(governor.tier).toBe(tier);
    expect(governor.tooSlow).toBe(false);
    expect(localStorage.length).toBe(0);
  });

  test("remembered by an older card, or by nobody, is taken as it is", () => {
    localStorage.setItem("waifu-rt3d-tier", "mid");
    expect(new Governor("auto").tier).toBe("mid");
    localStorage.setItem("waifu-rt3d-tier", "nonsense");
    expect(new Governor("auto").tier).toBe("high");
  });

  test.each(TIERS)("%s never draws more pixels than it may", (tier) => {
    const ratio = pixelRatio(tier, 1280, 800, 3);
    expect(1280 * 800 * ratio ** 2).toBeLessThanOrEqual(LIMITS[tier].pixels + 1);
    expect(pixelRatio(tier, 200, 200, 1)).toBeLessThanOrEqual(1);
  });
});
