import type { Gesture, Key } from "./gesture.js";

/** Mirror an arm's keys to the other side. */
const mirrored = (keys: readonly Key[]) =>
  keys.map(([at_ms, x_deg, y_deg, z_deg]): Key => [at_ms, x_deg, -y_deg, -z_deg]);

const UPPER: readonly Key[] = [
  [0, -60, 20, 62],
  [480, -95, 30, 50],
  [760, -95, 30, 42],
  [1040, -95, 30, 52],
  [1320, -95, 30, 42],
  [1600, -90, 25, 52],
  [2100, -50, 0, 68],
];
const LOWER: readonly Key[] = [
  [0, 0, 60, 0],
  [480, 0, 138, 0],
  [1600, 0, 138, 0],
  [2100, 0, 40, 0],
];

/** Raise both fists and shake them for joy. */
export const cheer: Gesture = {
  duration_ms: 2100,
  tracks: {
    rightUpperArm: UPPER,
    leftUpperArm: mirrored(UPPER),
    rightLowerArm: LOWER,
    leftLowerArm: mirrored(LOWER),
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
