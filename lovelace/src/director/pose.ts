/** One frame of the figure: what every layer of the director adds up to. */

import type { Feelings } from "./emotion.js";
import { multiply, type Quaternion, turn } from "./quaternion.js";
import type { Weights } from "./shapes.js";

/** Humanoid bones that the director moves (VRMC_vrm 1.0 humanoid names). */
export type Bone =
  | "hips"
  | "spine"
  | "chest"
  | "upperChest"
  | "neck"
  | "head"
  | "leftShoulder"
  | "leftUpperArm"
  | "leftLowerArm"
  | "leftHand"
  | "rightShoulder"
  | "rightUpperArm"
  | "rightLowerArm"
  | "rightHand"
  | Leg
  | Finger;

type Side = "left" | "right";
type Leg = `${Side}${"UpperLeg" | "LowerLeg" | "Foot"}`;
type Finger =
  `${Side}${"Index" | "Middle" | "Ring" | "Little"}${"Proximal" | "Intermediate" | "Distal"}`;

/** Rotations of normalized bones: identity is the T-pose, she faces +Z, her left hand is at +X. */
export type Bones = Partial<Record<Bone, Quaternion>>;

export interface Pose {
  bones: Bones;
  /** Where the hips are from where they rest: to her left, up and forward, in parts of their height. */
  hips?: readonly [number, number, number];
  feelings: Feelings;
  /** The spoken shapes; how they look is the model's business. */
  mouth: Weights;
  /** Closed eyes, 0…1. */
  blink: number;
  /** Where the eyes look from the head, in degrees; positive is her left and up. */
  gaze: { yaw_deg: number; pitch_deg: number };
  speaking: boolean;
}

const FINGERS = ["Index", "Middle", "Ring", "Little"] as const;
const PHALANGES = ["Proximal", "Intermediate", "Distal"] as const;

/** Give the arms at the sides with soft hands: the pose everything starts from. */
export function standing(): Bones {
  const bones: Bones = {
    leftUpperArm: turn(0, 4, -72),
    rightUpperArm: turn(0, -4, 72),
    leftLowerArm: turn(0, -14, 0),
    rightLowerArm: turn(0, 14, 0),
    leftHand: turn(0, 0, -4),
    rightHand: turn(0, 0, 4),
  };
  FINGERS.forEach((finger, index) => {
    for (const phalanx of PHALANGES) {
      const curl_deg = 9 + index * 4;
      bones[`left${finger}${phalanx}`] = turn(0, 0, -curl_deg);
      bones[`right${finger}${phalanx}`] = turn(0, 0, curl_deg);
    }
  });
  return bones;
}

/** Turn a bone a little further than it is. */
export function add(bones: Bones, bone: Bone, rotation: Quaternion): void {
  const before = bones[bone];
  bones[bone] = before ? multiply(before, rotation) : rotation;
}
