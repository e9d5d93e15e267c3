import type { Gesture } from "./gesture.js";

/** Shake the head. */
export const shake: Gesture = {
  duration_ms: 1200,
  tracks: {
    neck: [
      [0, 0, 0, 0],
      [220, 0, 6, 0],
      [500, 0, -6, 0],
      [780, 0, 4, 0],
      [1200, 0, 0, 0],
    ],
    head: [
      [0, 0, 0, 0],
      [230, 2, 11, 0],
      [510, 2, -11, 0],
      [790, 2, 7, 0],
      [1200, 0, 0, 0],
    ],
  },
};
