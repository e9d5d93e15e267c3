import { AnimationClip, QuaternionKeyframeTrack, Quaternion, Vector3 } from "three";
import { expect, test } from "vitest";
import { Motion } from "../../src/avatar/motion.js";
import { spokenPose } from "../../src/director/index.js";

test("a brought motion comes and goes softly and gives every bone back", () => {
  const half = new Quaternion().setFromAxisAngle(new Vector3(0, 1, 0), 1);
  const turned = [half.x, half.y, half.z, half.w] as const;
  const track = new QuaternionKeyframeTrack("a.quaternion", [0, 2], [...turned, ...turned]);
  const clip = new AnimationClip("a", 2, [track]);
  const motion = new Motion(
    clip,
    new Map([["leftUpperLeg", () => turned]]),
    () => [0, 0.5, 0],
    new Map(),
  );
  const angleAt = (since_ms: number) => {
    const pose = spokenPose(null, null);
    motion.lay(pose, since_ms);
    return { turn: 2 * Math.acos(Math.min(1, pose.bones.leftUpperLeg![3])), hips: pose.hips![1] };
  };
  expect(angleAt(1000)).toEqual({ turn: expect.closeTo(1, 3) as number, hips: 0.5 });
  for (const at_ms of [0, 2000, 2100]) {
    expect(angleAt(at_ms).turn).toBeCloseTo(0, 3);
    expect(angleAt(at_ms).hips).toBeCloseTo(0, 5);
  }
  expect(Math.abs(angleAt(116).turn - angleAt(100).turn)).toBeLessThan(0.1);
});
