import { type Arm, bothArms, HANGING, lean } from "./arms.js";
import type { Gesture, Key } from "./gesture.js";

const ON_KNEES: Arm = { upper: [0, 24, 71], lower: [0, 30, 0], hand: [0, 0, 8] };
const THERE_MS = 900;
const BACK_MS = 8000;
const END_MS = 9000;

/** Write a leg that bends and stretches again. */
const bent = (x_deg: number, out_deg: number): readonly Key[] =>
  lean(THERE_MS, BACK_MS, END_MS, [x_deg, out_deg, 0]);

/** Sit down as on a stool, look about, and stand up again. */
export const sit: Gesture = {
  duration_ms: END_MS,
  hips: [
    [0, 0, 0, 0],
    [THERE_MS, 0, -0.46, -0.08],
    [BACK_MS, 0, -0.46, -0.08],
    [END_MS, 0, 0, 0],
  ],
  tracks: {
    leftUpperLeg: bent(-84, 6),
    rightUpperLeg: bent(-84, -6),
    leftLowerLeg: bent(82, 0),
    rightLowerLeg: bent(82, 0),
    ...bothArms([
      [0, HANGING],
      [THERE_MS, ON_KNEES],
      [BACK_MS, ON_KNEES],
      [END_MS, HANGING],
    ]),
    spine: lean(500, 8200, END_MS, [4, 0, 0]),
    head: [
      [0, 0, 0, 0],
      [2500, 0, 0, 0],
      [3300, -2, 14, 3],
      [4600, -2, 14, 3],
      [5600, 1, -12, -4],
      [6900, 1, -12, -4],
      [7600, 0, 0, 0],
    ],
  },
};
