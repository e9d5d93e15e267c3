import { type Arm, arm, fingers, HANGING, lean } from "./arms.js";
import type { Gesture } from "./gesture.js";

const CUPPED: Arm = { upper: [-69, 33, 21], lower: [-4, 147, 0], hand: [-2, -20, -13] };

/** Cup a hand behind the ear: "I cannot hear you". */
export const listen: Gesture = {
  duration_ms: 2600,
  tracks: {
    ...arm("right", [
      [0, HANGING],
      [560, CUPPED],
      [2000, CUPPED],
      [2600, HANGING],
    ]),
    ...fingers("right", { Index: 8, Middle: 8, Ring: 10, Little: 12 }),
    chest: lean(600, 2000, 2600, [4, -4, 0]),
    head: lean(620, 2000, 2600, [3, 10, -9]),
  },
};
