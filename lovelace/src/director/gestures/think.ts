import type { Gesture } from "./gesture.js";

/** Bring a hand to the chin and tilt the head. */
export const think: Gesture = {
  duration_ms: 2600,
  tracks: {
    rightUpperArm: [
      [0, 10, 10, 68],
      [650, 0, 44, 44],
      [2000, 0, 44, 44],
      [2600, 10, 0, 70],
    ],
    rightLowerArm: [
      [0, 0, 50, 0],
      [650, 0, 150, 0],
      [2000, 0, 150, 0],
      [2600, 0, 30, 0],
    ],
    rightHand: [
      [0, 0, 0, 0],
      [650, 0, -8, 10],
      [2000, 0, -8, 10],
      [2600, 0, 0, 0],
    ],
    head: [
      [0, 0, 0, 0],
      [600, 3, 5, -6],
      [2000, 3, 5, -6],
      [2600, 0, 0, 0],
    ],
  },
};
