import { type Arm, arm, fingers, HANGING, lean } from "./arms.js";
import type { Gesture } from "./gesture.js";

const BEFORE_MOUTH: Arm = { upper: [5, 53, 69], lower: [-43, 138, 0], hand: [-42, -24, 11] };

/** Hold a hand before the mouth and breathe in deeply. */
export const yawn: Gesture = {
  duration_ms: 3000,
  lids: [
    [500, 0],
    [1100, 1],
    [1900, 1],
    [2400, 0.3],
    [2800, 0],
  ],
  mouth: [
    [600, 0],
    [1200, 0.9],
    [1900, 0.9],
    [2300, 0],
  ],
  tracks: {
    ...arm("right", [
      [0, HANGING],
      [650, BEFORE_MOUTH],
      [2200, BEFORE_MOUTH],
      [3000, HANGING],
    ]),
    ...fingers("right", { Index: 6, Middle: 6, Ring: 8, Little: 12 }),
    chest: lean(1100, 1900, 2800, [-5, 0, 0]),
    head: lean(1100, 1900, 2800, [-7, 0, 4]),
    leftShoulder: lean(1100, 1900, 2800, [0, 0, 5]),
    rightShoulder: lean(1100, 1900, 2800, [0, 0, -5]),
  },
};
