/** Gestures as keyframes in normalized bones: they fit any humanoid, VRM 0 and 1 alike. */

import type { Bone } from "../pose.js";

/** At a time in ms: degrees about X, Y and Z (see `turn`). */
export type Key = readonly [at_ms: number, x_deg: number, y_deg: number, z_deg: number];

/** At a time in ms: 0…1. */
export type Level = readonly [at_ms: number, level: number];

export interface Gesture {
  duration_ms: number;
  /** Arms and hands go where the keys say; other bones are turned from where they are. */
  tracks: Readonly<Partial<Record<Bone, readonly Key[]>>>;
  /** Where the hips are meanwhile, see `Pose.hips`: to her left, up and forward. */
  hips?: readonly Key[];
  /** While it lasts, how far the lids are closed, and how far the mouth gapes where nothing is said. */
  lids?: readonly Level[];
  mouth?: readonly Level[];
}
