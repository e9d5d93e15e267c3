import { type Arm, arm, fingers, HANGING, lean } from "./arms.js";
import type { Gesture } from "./gesture.js";

const UPPERMOST: Arm = { upper: [60, 15, 85], lower: [-2, 100, 0], hand: [-1, 0, 24] };
const BENEATH: Arm = { upper: [65, 8, 83], lower: [-1, 96, 0], hand: [2, 7, 20] };

/** Cross the arms before the chest. */
export const cross_arms: Gesture = {
  duration_ms: 3400,
  tracks: {
    ...arm("left", [
      [0, HANGING],
      [560, BENEATH],
      [2700, BENEATH],
      [3400, HANGING],
    ]),
    ...arm("right", [
      [0, HANGING],
      [680, UPPERMOST],
      [2600, UPPERMOST],
      [3400, HANGING],
    ]),
    ...fingers("right", { Index: 14, Middle: 16, Ring: 18, Little: 20 }),
    ...fingers("left", { Index: 14, Middle: 16, Ring: 18, Little: 20 }),
    chest: lean(700, 2600, 3400, [-3, 0, 0]),
    head: lean(750, 2600, 3400, [0, -6, 4]),
  },
};
