import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { clockOf, Timers } from "../../src/companion/timers.js";
import type { Timer } from "../../src/ha/messages.js";

const PIZZA = { id: "1", name: "pizza", seconds: 600, seconds_left: 90, is_active: true };

let running: Timer[];
let changes: number;
let timers: Timers;

beforeEach(() => {
  vi.useFakeTimers();
  running = [{ ...PIZZA, area: null }];
  changes = 0;
  const house = {
    timers: () => Promise.resolve(running),
    stopTimer: (id: string) => {
      running = running.filter((timer) => timer.id !== id);
      return Promise.resolve();
    },
  };
  timers = new Timers(house, () => changes++);
});
afterEach(() => {
  timers.stop();
  vi.useRealTimers();
});

test("a running timer is counted down here, one that stands still is not", async () => {
  running.push({ ...PIZZA, id: "2", is_active: false, area: null });
  await timers.refresh();
  expect(timers.running.map(({ ends_ms }) => ends_ms)).toEqual([Date.now() + 90_000, null]);
});

test("the house is asked again when the next one has rung, at the latest after a minute", async () => {
  await timers.refresh();
  running = [];
  await vi.advanceTimersByTimeAsync(59_000);
  expect(timers.running).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(timers.running).toEqual([]);
});

test("one that is stopped is gone at once", async () => {
  await timers.refresh();
  await timers.end("1");
  expect(timers.running).toEqual([]);
  expect(changes).toBe(2);
});

test("a house that knows no timers shows none, and nothing is drawn for it", async () => {
  running = [];
  await timers.refresh();
  expect(changes).toBe(0);
});

test.each([
  [245_000, "4:05"],
  [3_845_000, "1:04:05"],
  [400, "0:01"],
  [-5_000, "0:00"],
])("%i ms are written as %s", (left_ms, text) => {
  expect(clockOf(left_ms)).toBe(text);
});
