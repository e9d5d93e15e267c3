/** Keep the raised hands of a figure with short arms and a large head in sight. */

import type { VRMHumanoid } from "@pixiv/three-vrm";
import { Quaternion, Vector3 } from "three";
import type { Marks } from "./body.js";

const SIDES = ["left", "right"] as const;
/** From this on, arms reach around a head by themselves: upper and lower arm, in heights of the skull. */
const LONG_ENOUGH = 0.8;
const SHORTEST = 0.4;
/** Where a raised arm is drawn to: outward, up and forward. */
const UPPER_PULL = [1, 0.6, 0] as const;
const LOWER_PULL = [0.7, 0, 0.3] as const;

/** Tell how much a figure's arms are too short for its head, 0…1. */
export function shortness(humanoid: VRMHumanoid, { head, top_m }: Marks): number {
  const place = (bone: "leftUpperArm" | "leftLowerArm" | "leftHand") =>
    humanoid.getRawBoneNode(bone)?.getWorldPosition(new Vector3());
  const [shoulder, elbow, hand] = [place("leftUpperArm"), place("leftLowerArm"), place("leftHand")];
  if (!shoulder || !elbow || !hand || top_m <= head.y) return 0;
  const length = (shoulder.distanceTo(elbow) + elbow.distanceTo(hand)) / (top_m - head.y);
  return Math.min(1, Math.max(0, (LONG_ENOUGH - length) / (LONG_ENOUGH - SHORTEST)));
}

/** Open the arms outward, the more their hands are raised; `facing` is −1 for VRM 0.x. */
export function openArms(humanoid: VRMHumanoid, shortness: number, facing: 1 | -1): void {
  if (shortness === 0) return;
  for (const side of SIDES) {
    const upper = humanoid.getNormalizedBoneNode(`${side}UpperArm`);
    const lower = humanoid.getNormalizedBoneNode(`${side}LowerArm`);
    if (!upper || !lower) continue;
    const outward = (side === "left" ? 1 : -1) * facing;
    const whole = upper.quaternion.clone().multiply(lower.quaternion);
    const forearm = new Vector3(outward, 0, 0).applyQuaternion(whole);
    const pull = shortness * Math.max(0, forearm.y);
    if (pull === 0) continue;
    const drawn = (turn: Quaternion, [x, y, z]: readonly [number, number, number]) => {
      const from = new Vector3(outward, 0, 0).applyQuaternion(turn);
      const to = from.clone().add(new Vector3(x * outward, y, z * facing).multiplyScalar(pull));
      return new Quaternion().setFromUnitVectors(from, to.normalize()).multiply(turn);
    };
    whole.copy(drawn(whole, LOWER_PULL));
    upper.quaternion.copy(drawn(upper.quaternion, UPPER_PULL));
    lower.quaternion.copy(upper.quaternion).invert().multiply(whole);
  }
}
