import type { Gesture } from "./gesture.js";

/** Raise the right hand, palm to the front, and wave three times. */
export const wave: Gesture = {
  duration_ms: 2300,
  tracks: {
    rightUpperArm: [
      [0, -50, 0, 66],
      [540, -82, 34, 58],
      [1850, -82, 34, 58],
      [2300, -50, 0, 66],
    ],
    rightLowerArm: [
      [0, 0, 60, 0],
      [540, 0, 153, 0],
      [790, 0, 138, 0],
      [1050, 0, 153, 0],
      [1310, 0, 138, 0],
      [1570, 0, 153, 0],
      [1850, 0, 136, 0],
      [2300, 0, 50, 0],
    ],
    rightHand: [
      [0, 0, 0, 0],
      [540, 0, 10, -4],
      [790, 0, -14, -4],
      [1050, 0, 12, -4],
      [1310, 0, -14, -4],
      [1570, 0, 12, -4],
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
