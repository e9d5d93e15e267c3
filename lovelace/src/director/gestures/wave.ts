import type { Gesture } from "./gesture.js";

/** Raise the right hand, palm to the front, and wave three times. */
export const wave: Gesture = {
  duration_ms: 2300,
  tracks: {
    rightUpperArm: [
      [0, -60, 0, 62],
      [420, -92, 8, 30],
      [1850, -92, 8, 30],
      [2300, -60, 0, 62],
    ],
    rightLowerArm: [
      [0, 0, 60, 0],
      [420, 0, 122, 0],
      [700, 0, 92, 0],
      [980, 0, 124, 0],
      [1260, 0, 92, 0],
      [1540, 0, 124, 0],
      [1850, 0, 105, 0],
      [2300, 0, 50, 0],
    ],
    rightHand: [
      [0, 0, 0, 0],
      [420, 0, 10, -4],
      [700, 0, -14, -4],
      [980, 0, 12, -4],
      [1260, 0, -14, -4],
      [1540, 0, 12, -4],
      [1850, 0, 0, 0],
    ],
    rightIndexProximal: [[0, 0, 0, 2]],
    rightMiddleProximal: [[0, 0, 0, 2]],
    rightRingProximal: [[0, 0, 0, 3]],
    rightLittleProximal: [[0, 0, 0, 4]],
    head: [
      [0, 0, 0, 0],
      [500, 0, 0, 5],
      [1700, 0, 0, 5],
      [2300, 0, 0, 0],
    ],
  },
};
