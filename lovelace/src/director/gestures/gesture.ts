/** Gestures as keyframes in normalized bones: they fit any humanoid, VRM 0 and 1 alike. */

import type { Bone } from "../pose.js";

/** At a time in ms: degrees about X, Y and Z (see `turn`). */
export type Key = readonly [at_ms: number, x_deg: number, y_deg: number, z_deg: number];

export interface Gesture {
  duration_ms: number;
  /** Arms and hands go where the keys say; other bones are turned from where they are. */
  tracks: Readonly<Partial<Record<Bone, readonly Key[]>>>;
}
