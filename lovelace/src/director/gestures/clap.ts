import { type Arm, bothArms, HANGING, lean } from "./arms.js";
import type { Gesture } from "./gesture.js";

const TOGETHER: Arm = { upper: [44, 13, 66], lower: [-3, 104, 0], hand: [-8, 15, -48] };
const APART: Arm = { upper: [32, 3, 53], lower: [-8, 107, 0], hand: [-21, 25, -48] };
const CLAPS = [0, 1, 2, 3].flatMap((clap): [number, Arm][] => [
  [480 + clap * 300, APART],
  [630 + clap * 300, TOGETHER],
]);

/** Clap the hands four times before the chest. */
export const clap: Gesture = {
  duration_ms: 2300,
  tracks: {
    ...bothArms([[0, HANGING], ...CLAPS, [1800, APART], [2300, HANGING]]),
    head: lean(450, 1700, 2300, [-2, 0, 4]),
  },
};
