/** Where the camera stands for a face, a bust or the whole figure. */

import type { PerspectiveCamera } from "three";
import type { Marks } from "./body.js";

export const FRAMINGS = ["face", "bust", "full"] as const;
export type Framing = (typeof FRAMINGS)[number];

const FIELD_DEG = 22;

/** Point the camera so that the framing fits both ways. */
export function frame(camera: PerspectiveCamera, marks: Marks, framing: Framing, aspect: number) {
  const { bottom_m, top_m, width_m } = extent(marks, framing);
  const height_m = Math.max(top_m - bottom_m, width_m / aspect);
  const centre_m = (top_m + bottom_m) / 2;
  camera.fov = FIELD_DEG;
  camera.aspect = aspect;
  const distance_m = height_m / 2 / Math.tan((FIELD_DEG * Math.PI) / 360);
  camera.position.set(marks.head.x, centre_m + 0.04 * height_m, marks.head.z + distance_m);
  camera.lookAt(marks.head.x, centre_m, marks.head.z);
  camera.near = distance_m / 20;
  camera.far = distance_m * 4;
  camera.updateProjectionMatrix();
}

/** Give what must be in the picture, in metres. */
function extent({ head, top_m, bottom_m, shoulders_m }: Marks, framing: Framing) {
  const skull_m = top_m - head.y;
  // A figure that is all head ends before a bust would.
  const foot_m = bottom_m - 0.1 * skull_m;
  switch (framing) {
    case "face":
      return {
        top_m: top_m + 0.12 * skull_m,
        bottom_m: Math.max(foot_m, head.y - 0.45 * skull_m),
        width_m: 1.5 * skull_m,
      };
    case "bust":
      return {
        top_m: top_m + 0.25 * skull_m,
        bottom_m: Math.max(foot_m, head.y - 1.05 * skull_m),
        width_m: 2.3 * shoulders_m,
      };
    case "full":
      return {
        top_m: top_m + 0.2 * skull_m,
        bottom_m: foot_m,
        width_m: 2.2 * shoulders_m,
      };
  }
}
