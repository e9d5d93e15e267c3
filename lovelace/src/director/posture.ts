/** The body language of listening, thinking, speaking and sleep. */

import type { Activity } from "./activity.js";
import { follow } from "./easing.js";
import { add, type Bone, type Bones } from "./pose.js";
import { IDENTITY, type Quaternion, slerp, turn } from "./quaternion.js";

const POSTURES: Readonly<Record<Activity, Bones>> = {
  idle: {},
  listening: { chest: turn(2.5, 0, 0), neck: turn(2, 0, 0), head: turn(-2, -3, 6) },
  thinking: { chest: turn(-1, 0, 0), neck: turn(-2, 3, 0), head: turn(-3, 6, -5) },
  speaking: { chest: turn(1, 0, 0), head: turn(-1, 0, 0) },
  asleep: { spine: turn(3, 0, 0), neck: turn(9, 0, 0), head: turn(13, 0, 5) },
};
const BONES = ["spine", "chest", "neck", "head"] as const satisfies readonly Bone[];
const SETTLE_MS = 220;

export class Posture {
  private readonly _now = new Map<Bone, Quaternion>();

  /** Lean one step towards the activity's posture and add it to the pose. */
  step(bones: Bones, activity: Activity, step_ms: number): void {
    const share = follow(step_ms, activity === "asleep" ? 4 * SETTLE_MS : SETTLE_MS);
    for (const bone of BONES) {
      const target = POSTURES[activity][bone] ?? IDENTITY;
      const now = slerp(this._now.get(bone) ?? IDENTITY, target, share);
      this._now.set(bone, now);
      add(bones, bone, now);
    }
  }
}
