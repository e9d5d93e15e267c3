/** Breath and sway: a standing figure that is never quite still. */

import { add, type Bones } from "./pose.js";
import { turn } from "./quaternion.js";

const BREATH_MS = 4300;

/** Add breathing and slow sway to a pose; `calm` 0 holds still for those who asked for less motion. */
export function breathe(bones: Bones, now_ms: number, calm = 1): void {
  const breath = Math.sin((2 * Math.PI * now_ms) / BREATH_MS) * (0.4 + 0.6 * calm);
  add(bones, "chest", turn(-0.9 * breath, 0, 0));
  add(bones, "leftShoulder", turn(0, 0, 0.8 * breath));
  add(bones, "rightShoulder", turn(0, 0, -0.8 * breath));
  add(bones, "neck", turn(0.5 * breath, 0, 0));
  if (calm <= 0) return;
  const [roll, yaw, nod] = [drift(now_ms, 0), drift(now_ms, 1), drift(now_ms, 2)];
  const [sway, back] = [turn(0, 0.9 * yaw, 0.9 * roll), turn(0, -0.9 * yaw, -0.9 * roll)];
  add(bones, "hips", sway);
  // The legs do not turn with the hips, or the feet would slide.
  add(bones, "leftUpperLeg", back);
  add(bones, "rightUpperLeg", back);
  add(bones, "spine", turn(0, 0, -1.3 * roll));
  add(bones, "head", turn(1.0 * nod, 1.4 * yaw, 1.5 * roll));
  add(bones, "leftUpperArm", turn(0, 0, 0.9 * roll + 0.5 * breath));
  add(bones, "rightUpperArm", turn(0, 0, 0.9 * roll - 0.5 * breath));
}

/** Give a slow wander in about -1…1: sines whose periods share no common multiple. */
function drift(now_ms: number, channel: number): number {
  const t = now_ms / 1000 + channel * 37.7;
  return 0.6 * Math.sin(t * 0.47) + 0.3 * Math.sin(t * 0.83 + 1.3) + 0.1 * Math.sin(t * 1.71 + 4);
}
