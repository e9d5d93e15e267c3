import { lean } from "./arms.js";
import type { Gesture } from "./gesture.js";

/** Shift the weight to the other leg and settle the shoulders: an idle. */
export const shift_weight: Gesture = {
  duration_ms: 4200,
  tracks: {
    // The hips stay where they are: turning them would slide the feet.
    spine: lean(1100, 3000, 4200, [0, 3, 6.5]),
    chest: lean(1100, 3000, 4200, [0, -2, -3]),
    head: lean(1200, 3000, 4200, [0, -2, -3]),
    leftShoulder: lean(1300, 2600, 4000, [0, 0, 3]),
    rightShoulder: lean(1300, 2600, 4000, [0, 0, 2]),
  },
};
