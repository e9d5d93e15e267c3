// @vitest-environment happy-dom

import { expect, it, vi } from "vitest";
import type { Hass } from "../../src/ha/hass.js";
import { placeOf, tellTouch } from "../../src/ui/touch.js";

const BOX = { top: 100, height: 200 };

it("tells the head from the body", () => {
  expect(placeOf({ clientY: 120 }, BOX)).toBe("head");
  expect(placeOf({ clientY: 280 }, BOX)).toBe("body");
});

it("tells Home Assistant who was touched, and bears a house that does not know it", () => {
  const sendMessagePromise = vi.fn(() => Promise.reject(new Error("unknown_command")));
  const figure = document.createElement("div");
  const hass = { connection: { sendMessagePromise } } as unknown as Hass;
  figure.addEventListener("click", (event) => tellTouch(event, hass, "default"));
  figure.click();
  expect(sendMessagePromise.mock.calls).toEqual([
    [{ type: "waifu_rt3d/touch", place: "body", character: "default" }],
  ]);
});
