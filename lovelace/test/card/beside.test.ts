// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { RunningTimer } from "../../src/companion/timers.js";
import { Beside } from "../../src/ui/beside.js";

const made: Record<string, unknown>[] = [];
let beside: Beside;

beforeEach(() => {
  vi.useFakeTimers();
  made.length = 0;
  window.loadCardHelpers = () =>
    Promise.resolve({
      createCardElement: (config) => {
        made.push(config);
        return document.createElement("div");
      },
    });
});
afterEach(() => {
  beside.remove();
  vi.useRealTimers();
});

/** Show what an answer is about. */
async function show(entities: string[], timers: RunningTimer[] = []): Promise<void> {
  beside = new Beside();
  const states = entities.map((id) => [id, { state: "on", attributes: {} }] as const);
  Object.assign(beside, { hass: { states: Object.fromEntries(states) }, entities, timers });
  document.body.append(beside);
  await vi.advanceTimersByTimeAsync(0);
  await beside.updateComplete;
}

const timer = (more: Partial<RunningTimer>): RunningTimer => ({
  id: "t",
  name: "Pasta",
  seconds: 300,
  seconds_left: 300,
  is_active: true,
  area: null,
  ends_ms: Date.now() + 245_000,
  ...more,
});

test.each([
  ["light.kitchen", "tile"],
  ["weather.home", "weather-forecast"],
  ["camera.door", "picture-entity"],
  ["todo.shopping", "todo-list"],
])("an answer about %s shows Home Assistant's own %s beside her", async (entity, type) => {
  await show([entity]);
  expect(made).toMatchObject([{ type, entity }]);
});

test("what the house does not show to this person stands beside nobody, and four are enough", async () => {
  await show(["light.a", "light.b", "light.c", "light.d", "light.e"]);
  expect(made).toHaveLength(4);
  beside.entities = ["light.secret"];
  await beside.updateComplete;
  expect(made).toHaveLength(4);
});

test("a running timer is counted down beside her and can be stopped", async () => {
  await show([], [timer({})]);
  const shown = () => beside.renderRoot.querySelector("time")?.textContent;
  expect(shown()).toBe("4:05");
  await vi.advanceTimersByTimeAsync(5000);
  expect(shown()).toBe("4:00");
  const ended = vi.fn();
  beside.addEventListener("end", ended);
  const stop = beside.renderRoot.querySelector("button")!;
  expect(stop.getAttribute("aria-label")).toBe("Stop Pasta");
  stop.click();
  expect(ended.mock.calls[0]![0]).toMatchObject({ detail: "t" });
});

test("a timer that stands still does not count", async () => {
  await show([], [timer({ is_active: false, ends_ms: null, seconds_left: 90 })]);
  await vi.advanceTimersByTimeAsync(5000);
  expect(beside.renderRoot.querySelector(".still time")?.textContent).toBe("1:30");
});
