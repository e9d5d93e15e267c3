/** Arms and hands as a gesture wants them, written for the right side. */

import type { Bone } from "../pose.js";
import type { Gesture, Key } from "./gesture.js";

type Angles = readonly [x_deg: number, y_deg: number, z_deg: number];
type Tracks = Gesture["tracks"];
export type Side = "left" | "right";

/** One place of a right arm; the left arm mirrors it. */
export interface Arm {
  upper: Angles;
  lower: Angles;
  hand: Angles;
}

/** The arm at the side: gestures begin and end here. */
export const HANGING: Arm = { upper: [0, -4, 72], lower: [0, 14, 0], hand: [0, 0, 4] };

/** Write the keys of an arm that goes through places. */
export function arm(side: Side, places: readonly (readonly [at_ms: number, arm: Arm])[]): Tracks {
  const keys = (part: keyof Arm) =>
    places.map(([at_ms, place]): Key => [at_ms, ...sided(side, place[part])]);
  return {
    [`${side}UpperArm`]: keys("upper"),
    [`${side}LowerArm`]: keys("lower"),
    [`${side}Hand`]: keys("hand"),
  };
}

/** Write both arms, mirrored. */
export function bothArms(places: readonly (readonly [at_ms: number, arm: Arm])[]): Tracks {
  return { ...arm("right", places), ...arm("left", places) };
}

/** Curl fingers for the whole gesture; what is not named stays soft. */
export function fingers(side: Side, curls_deg: Partial<Record<string, number>>): Tracks {
  const tracks: Partial<Record<Bone, readonly Key[]>> = {};
  for (const [finger, curl_deg] of Object.entries(curls_deg))
    for (const phalanx of ["Proximal", "Intermediate", "Distal"])
      tracks[`${side}${finger}${phalanx}` as Bone] = [[0, ...sided(side, [0, 0, curl_deg ?? 0])]];
  return tracks;
}

/** Turn a bone there, hold it, and let it go. */
export function lean(
  there_ms: number,
  back_ms: number,
  end_ms: number,
  to: Angles,
): readonly Key[] {
  return [
    [0, 0, 0, 0],
    [there_ms, ...to],
    [back_ms, ...to],
    [end_ms, 0, 0, 0],
  ];
}

/** Mirror angles for the left. */
function sided(side: Side, [x_deg, y_deg, z_deg]: Angles): Angles {
  return side === "right" ? [x_deg, y_deg, z_deg] : [x_deg, -y_deg, -z_deg];
}
