import { type Arm, arm, fingers, HANGING, lean } from "./arms.js";
import type { Gesture } from "./gesture.js";

const BESIDE: Arm = { upper: [-34, 33, 49], lower: [-23, 140, 0], hand: [-24, 6, -12] };
const LOWER: Arm = { upper: [-30, 36, 58], lower: [-20, 132, 0], hand: [-10, 0, 6] };

/** Put a strand of hair in order: an idle. */
export const touch_hair: Gesture = {
  duration_ms: 3200,
  tracks: {
    ...arm("right", [
      [0, HANGING],
      [800, BESIDE],
      [1300, LOWER],
      [1800, BESIDE],
      [2400, LOWER],
      [3200, HANGING],
    ]),
    ...fingers("right", { Index: 16, Middle: 20, Ring: 26, Little: 30 }),
    head: lean(800, 2300, 3200, [4, 6, -7]),
  },
};
