import type { Gesture } from "./gesture.js";

/** Bow from the waist and come up again. */
export const bow: Gesture = {
  duration_ms: 1900,
  tracks: {
    spine: [
      [0, 0, 0, 0],
      [550, 16, 0, 0],
      [1100, 16, 0, 0],
      [1900, 0, 0, 0],
    ],
    chest: [
      [0, 0, 0, 0],
      [550, 9, 0, 0],
      [1100, 9, 0, 0],
      [1900, 0, 0, 0],
    ],
    head: [
      [0, 0, 0, 0],
      [600, 12, 0, 0],
      [1100, 12, 0, 0],
      [1900, 0, 0, 0],
    ],
  },
};
