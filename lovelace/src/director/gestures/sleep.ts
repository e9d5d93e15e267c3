import { lean } from "./arms.js";
import type { Gesture } from "./gesture.js";

/** Nod off: the head sinks, starts up once, and sinks for good. */
export const sleep: Gesture = {
  duration_ms: 3600,
  tracks: {
    neck: [
      [0, 0, 0, 0],
      [1200, 7, 0, 0],
      [1450, -2, 0, 0],
      [2300, -1, 0, 0],
      [3600, 0, 0, 0],
    ],
    head: [
      [0, 0, 0, 0],
      [1200, 12, 0, 3],
      [1420, -4, 0, 0],
      [2300, -2, 0, 0],
      [3600, 0, 0, 0],
    ],
    leftShoulder: lean(2600, 3000, 3600, [0, 0, -3]),
    rightShoulder: lean(2600, 3000, 3600, [0, 0, 3]),
  },
};
