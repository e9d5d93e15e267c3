import type { Gesture } from "./gesture.js";

/** Nod twice, the second time smaller. */
export const nod: Gesture = {
  duration_ms: 1050,
  tracks: {
    neck: [
      [0, 0, 0, 0],
      [190, 5, 0, 0],
      [420, -1, 0, 0],
      [640, 3, 0, 0],
      [1050, 0, 0, 0],
    ],
    head: [
      [0, 0, 0, 0],
      [210, 11, 0, 0],
      [450, -2, 0, 0],
      [670, 7, 0, 0],
      [1050, 0, 0, 0],
    ],
  },
};
