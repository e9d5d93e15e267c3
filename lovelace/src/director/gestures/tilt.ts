import { lean } from "./arms.js";
import type { Gesture } from "./gesture.js";

/** Lean the head into a hand that strokes it. */
export const tilt: Gesture = {
  duration_ms: 1800,
  lids: [
    [0, 0],
    [350, 0.85],
    [1300, 0.85],
    [1700, 0],
  ],
  tracks: {
    neck: lean(400, 1300, 1800, [2, 0, 4]),
    head: lean(450, 1300, 1800, [5, 0, 9]),
  },
};
