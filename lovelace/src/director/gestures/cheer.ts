import { fingers } from "./arms.js";
import type { Gesture, Key } from "./gesture.js";

/** Mirror an arm's keys to the other side. */
const mirrored = (keys: readonly Key[]) =>
  keys.map(([at_ms, x_deg, y_deg, z_deg]): Key => [at_ms, x_deg, -y_deg, -z_deg]);

const UPPER: readonly Key[] = [
  [0, -60, 20, 62],
  [480, -90, 34, 60],
  [760, -90, 34, 51],
  [1040, -90, 34, 61],
  [1320, -90, 34, 51],
  [1600, -86, 30, 60],
  [2100, -50, 0, 68],
];
const LOWER: readonly Key[] = [
  [0, 0, 60, 0],
  [480, 0, 155, 0],
  [1600, 0, 155, 0],
  [2100, 0, 40, 0],
];

const FIST = { Index: 62, Middle: 66, Ring: 68, Little: 70, Thumb: 22 };

/** Raise both fists and shake them for joy. */
export const cheer: Gesture = {
  duration_ms: 2100,
  tracks: {
    rightUpperArm: UPPER,
    leftUpperArm: mirrored(UPPER),
    rightLowerArm: LOWER,
    leftLowerArm: mirrored(LOWER),
    ...fingers("right", FIST),
    ...fingers("left", FIST),
    chest: [
      [0, 0, 0, 0],
      [500, -4, 0, 0],
      [1600, -4, 0, 0],
      [2100, 0, 0, 0],
    ],
    head: [
      [0, 0, 0, 0],
      [500, -4, 0, 4],
      [1050, -4, 0, -4],
      [1600, -3, 0, 3],
      [2100, 0, 0, 0],
    ],
  },
};
