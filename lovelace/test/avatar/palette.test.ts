import fc from "fast-check";
import { expect, test } from "vitest";
import { madeColours, type Palette, parseColour, recolour } from "../../src/avatar/palette.js";

/** Two columns of hair, one of skin, and an eye below the skin; 4 × 2 pixels. */
const PALETTE: Palette = {
  columns: [
    { group: "hair", color: "#204080", x: 0, width: 2 },
    { group: "skin", color: "#f0c0a0", x: 2, width: 1 },
  ],
  eye: { group: "eyes", color: "#a06020", x: 3, y: 1, width: 1, height: 1 },
};
const pixels = (colours: readonly string[]) =>
  Uint8ClampedArray.from(colours.flatMap((colour) => [...parseColour(colour)!, 255]));
const MADE = [
  "#204080",
  "#ffffff",
  "#f0c0a0",
  "#123456",
  "#102040",
  "#000000",
  "#c09080",
  "#a06020",
];

/** Give the pixels as "#rrggbb". */
function names(painted: Uint8ClampedArray): string[] {
  const hex = (value: number) => value.toString(16).padStart(2, "0");
  return MADE.map((_, i) => `#${[0, 1, 2].map((c) => hex(painted[4 * i + c]!)).join("")}`);
}

test("a group takes its new colour, white and black stay, and the rest is untouched", () => {
  const painted = names(recolour(pixels(MADE), 4, PALETTE, { hair: "#802040" }));
  expect(painted[0]).toBe("#802040");
  expect([painted[1], painted[5]]).toEqual(["#ffffff", "#000000"]);
  expect([2, 3, 6, 7].map((i) => painted[i])).toEqual([2, 3, 6, 7].map((i) => MADE[i]));
  expect(parseColour(painted[4])![0]).toBeGreaterThan(parseColour(painted[4])![2]);
});

test("eyes are painted in their box alone", () => {
  const painted = names(recolour(pixels(MADE), 4, PALETTE, { eyes: "#2060a0" }));
  expect(painted.filter((colour, i) => colour !== MADE[i])).toEqual(["#2060a0"]);
});

test("a figure tells the colours that it was made with", () => {
  expect(madeColours(PALETTE)).toEqual({ hair: "#204080", skin: "#f0c0a0", eyes: "#a06020" });
});

test("no wish, or none that is a colour, changes nothing", () => {
  for (const wish of [{}, { hair: "red" }, { skin: "#12345" }])
    expect(names(recolour(pixels(MADE), 4, PALETTE, wish))).toEqual(MADE);
});

test("every colour can be worn", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffffff }), (value) => {
      const wish = `#${value.toString(16).padStart(6, "0")}`;
      const worn = parseColour(names(recolour(pixels(MADE), 4, PALETTE, { hair: wish }))[0])!;
      parseColour(wish)!.forEach((channel, i) => {
        expect(Math.abs(channel - worn[i]!)).toBeLessThanOrEqual(4);
      });
    }),
  );
});
