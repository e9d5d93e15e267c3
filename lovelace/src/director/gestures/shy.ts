import { type Arm, bothArms, fingers, HANGING, lean } from "./arms.js";
import type { Gesture } from "./gesture.js";

const FOLDED: Arm = { upper: [46, -2, 66], lower: [-12, 78, 0], hand: [0, -15, 14] };

/** Fold the hands low, draw up the shoulders and look down and aside. */
export const shy: Gesture = {
  duration_ms: 3000,
  tracks: {
    ...bothArms([
      [0, HANGING],
      [600, FOLDED],
      [2300, FOLDED],
      [3000, HANGING],
    ]),
    ...fingers("right", { Index: 20, Middle: 22, Ring: 24, Little: 26 }),
    ...fingers("left", { Index: 20, Middle: 22, Ring: 24, Little: 26 }),
    leftShoulder: lean(650, 2300, 3000, [0, 0, 6]),
    rightShoulder: lean(650, 2300, 3000, [0, 0, -6]),
    spine: lean(700, 2300, 3000, [0, 5, -2]),
    neck: lean(700, 2300, 3000, [5, 5, 0]),
    head: lean(700, 2300, 3000, [8, 9, 7]),
  },
};
