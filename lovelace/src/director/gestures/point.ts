import { type Arm, arm, fingers, HANGING, lean, type Side } from "./arms.js";
import type { Gesture } from "./gesture.js";

const OUT: Arm = { upper: [0, 24, 2], lower: [0, 6, 0], hand: [0, -3, 0] };
const DRAWN: Arm = { upper: [-30, 20, 40], lower: [0, 70, 0], hand: [0, 0, 0] };

/** Point with one arm to its side and turn the head there. */
function pointing(side: Side): Gesture {
  const yaw_deg = side === "left" ? 16 : -16;
  return {
    duration_ms: 2500,
    tracks: {
      ...arm(side, [
        [0, HANGING],
        [260, DRAWN],
        [620, OUT],
        [1900, OUT],
        [2500, HANGING],
      ]),
      ...fingers(side, { Index: 0, Middle: 72, Ring: 76, Little: 78 }),
      neck: lean(480, 1800, 2400, [0, 0.5 * yaw_deg, 0]),
      head: lean(500, 1800, 2400, [0, yaw_deg, 0]),
      chest: lean(600, 1900, 2500, [0, 0.3 * yaw_deg, 0]),
    },
  };
}

/** Point to her left, which is on the right of the screen. */
export const point_left = pointing("left");
export const point_right = pointing("right");
