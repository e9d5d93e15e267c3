import type { VRMHumanoid } from "@pixiv/three-vrm";
import { Object3D, Vector3 } from "three";
import { expect, test } from "vitest";
import { openArms, shortness } from "../../src/avatar/short-arms.js";

/** Make a humanoid in T-pose with arms of a length; its bones are both raw and normalized. */
function humanoid(arm_m: number): { humanoid: VRMHumanoid; bones: Map<string, Object3D> } {
  const bones = new Map<string, Object3D>();
  for (const [side, sign] of [
    ["left", 1],
    ["right", -1],
  ] as const) {
    const [upper, lower, hand] = [new Object3D(), new Object3D(), new Object3D()];
    upper.position.set(0.05 * sign, 0.4, 0);
    lower.position.set((arm_m / 2) * sign, 0, 0);
    hand.position.set((arm_m / 2) * sign, 0, 0);
    upper.add(lower);
    lower.add(hand);
    bones.set(`${side}UpperArm`, upper).set(`${side}LowerArm`, lower).set(`${side}Hand`, hand);
  }
  const node = (name: string) => bones.get(name) ?? null;
  const made = { getRawBoneNode: node, getNormalizedBoneNode: node };
  return { humanoid: made as unknown as VRMHumanoid, bones };
}

const marks = { head: new Vector3(0, 0.45, 0), top_m: 0.95, bottom_m: 0, shoulders_m: 0.1 };

test("arms are short in relation to the head", () => {
  expect(shortness(humanoid(0.9).humanoid, marks)).toBe(0);
  expect(shortness(humanoid(0.3).humanoid, marks)).toBeGreaterThan(0.4);
  expect(shortness(humanoid(0.1).humanoid, marks)).toBe(1);
});

test("a raised hand goes outward, a hanging one stays, both sides alike", () => {
  const { humanoid: made, bones } = humanoid(0.2);
  const hand = (side: string) => {
    const upper = bones.get(`${side}UpperArm`)!;
    upper.updateWorldMatrix(true, true);
    return bones.get(`${side}Hand`)!.getWorldPosition(new Vector3());
  };
  bones.get("leftLowerArm")!.rotation.z = Math.PI / 2;
  bones.get("rightLowerArm")!.rotation.z = -Math.PI / 2;
  const before = hand("left");
  openArms(made, 1, 1);
  const [left, right] = [hand("left"), hand("right")];
  expect(left.x).toBeGreaterThan(before.x + 0.03);
  expect(left.x).toBeCloseTo(-right.x, 6);
  expect(left.y).toBeCloseTo(right.y, 6);
  expect(left.distanceTo(bones.get("leftUpperArm")!.position)).toBeLessThan(0.2001);

  for (const side of ["left", "right"]) {
    bones.get(`${side}UpperArm`)!.rotation.set(0, 0, side === "left" ? -1.3 : 1.3);
    bones.get(`${side}LowerArm`)!.rotation.set(0, 0, 0);
  }
  const hanging = hand("left");
  openArms(made, 1, 1);
  expect(hand("left").distanceTo(hanging)).toBe(0);
});
