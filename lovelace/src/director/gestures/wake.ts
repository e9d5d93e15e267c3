import { type Arm, bothArms, fingers, HANGING, lean } from "./arms.js";
import type { Gesture } from "./gesture.js";

/** On the way up the fists pass the shoulders: arms that go out sideways are a scarecrow's. */
const FOLDED: Arm = { upper: [-58, 26, 56], lower: [0, 140, 0], hand: [0, 0, 0] };
const UP: Arm = { upper: [-69, -3, -62], lower: [-2, 42, 0], hand: [-4, 0, -14] };

/** Stretch both arms to the sky. */
export const wake: Gesture = {
  duration_ms: 3000,
  lids: [
    [700, 0],
    [1200, 0.9],
    [1800, 0.9],
    [2300, 0],
  ],
  tracks: {
    ...bothArms([
      [0, HANGING],
      [600, FOLDED],
      [1150, UP],
      [1950, UP],
      [2450, FOLDED],
      [3000, HANGING],
    ]),
    ...fingers("right", { Index: 46, Middle: 48, Ring: 50, Little: 52 }),
    ...fingers("left", { Index: 46, Middle: 48, Ring: 50, Little: 52 }),
    chest: lean(1150, 1950, 2900, [-6, 0, 0]),
    head: lean(1150, 1950, 2900, [-8, 0, 5]),
  },
};
