import { type Arm, arm, fingers, HANGING, lean } from "./arms.js";
import type { Gesture } from "./gesture.js";

const COVERED: Arm = { upper: [16, 72, 85], lower: [-42, 128, 0], hand: [-40, -16, -6] };

/** Let the face sink into a hand. */
export const facepalm: Gesture = {
  duration_ms: 2600,
  lids: [
    [250, 0],
    [500, 1],
    [2000, 1],
    [2300, 0],
  ],
  tracks: {
    ...arm("right", [
      [0, HANGING],
      [520, COVERED],
      [1900, COVERED],
      [2600, HANGING],
    ]),
    ...fingers("right", { Index: 6, Middle: 4, Ring: 6, Little: 10 }),
    neck: lean(620, 1900, 2600, [4, 0, 0]),
    head: [
      [0, 0, 0, 0],
      [600, 9, 0, 0],
      [950, 9, 4, 0],
      [1300, 9, -4, 0],
      [1900, 8, 0, 0],
      [2600, 0, 0, 0],
    ],
  },
};
