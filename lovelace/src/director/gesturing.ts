/** The gesture layer: the keyframes of the cues at a time, faded in and out over the pose. */

import { smoothstep } from "./easing.js";
import type { Gesture, Key, Level } from "./gestures/gesture.js";
import { gestureNamed } from "./gestures/registry.js";
import { add, type Bone, type Pose } from "./pose.js";
import { IDENTITY, type Quaternion, slerp, turn } from "./quaternion.js";
import type { Cue } from "./timeline.js";

const FADE_IN_MS = 300;
const FADE_OUT_MS = 400;
const PLACED = /Arm$|Hand$|Proximal$|Intermediate$|Distal$/;

/** Lay the gestures of the cues over a pose; none goes on behind `cut_ms`. */
export function gesticulate(
  pose: Pose,
  cues: readonly Cue[],
  audio_ms: number,
  cut_ms = Infinity,
): void {
  const begun = cues.filter((cue) => cue.kind === "gesture" && cue.at_ms <= audio_ms);
  begun.forEach((cue, index) => {
    const gesture = gestureNamed(cue.name);
    if (!gesture) return;
    const stop_ms = Math.min(begun[index + 1]?.at_ms ?? Infinity, cut_ms);
    const strength = fade(gesture, audio_ms - cue.at_ms, stop_ms - cue.at_ms);
    if (strength > 0) lay(pose, gesture, audio_ms - cue.at_ms, strength * cue.intensity);
  });
}

/** Give how much of a gesture shows a time after its start; the next gesture ends it early. */
export function fade(gesture: Gesture, since_ms: number, stop_ms: number): number {
  const end_ms = Math.min(gesture.duration_ms, stop_ms + FADE_OUT_MS);
  const inward = smoothstep(since_ms / FADE_IN_MS);
  const outward = smoothstep((end_ms - since_ms) / FADE_OUT_MS);
  return Math.min(inward, outward);
}

/** Put arms where the gesture wants them and turn the rest from where it is. */
export function lay(pose: Pose, gesture: Gesture, since_ms: number, strength: number): void {
  const { bones } = pose;
  for (const [name, keys] of Object.entries(gesture.tracks)) {
    const bone = name as Bone;
    const rotation = sample(keys, since_ms);
    if (PLACED.test(bone)) bones[bone] = slerp(bones[bone] ?? IDENTITY, rotation, strength);
    else add(bones, bone, slerp(IDENTITY, rotation, strength));
  }
  if (gesture.hips) {
    const [x, y, z] = mixed(gesture.hips, since_ms);
    pose.hips = [x * strength, y * strength, z * strength];
  }
  if (gesture.lids) pose.blink = Math.max(pose.blink, strength * level(gesture.lids, since_ms));
  if (gesture.mouth && !pose.speaking) gape(pose, strength * level(gesture.mouth, since_ms));
}

/** Open a silent mouth. */
function gape({ mouth }: Pose, by: number): void {
  mouth.sil *= 1 - by;
  mouth.aa = Math.max(mouth.aa, by);
}

/** Give a level at a time, easing from key to key. */
function level(keys: readonly Level[], at_ms: number): number {
  const next = keys.findIndex((key) => key[0] > at_ms);
  if (next <= 0) return keys[next === 0 ? 0 : keys.length - 1]![1];
  const [from, to] = [keys[next - 1]!, keys[next]!];
  return from[1] + (to[1] - from[1]) * smoothstep((at_ms - from[0]) / (to[0] - from[0]));
}

/** Give a track's rotation at a time, easing from key to key. */
function sample(keys: readonly Key[], at_ms: number): Quaternion {
  return turn(...mixed(keys, at_ms));
}

/** Give the three numbers of a track at a time. */
function mixed(keys: readonly Key[], at_ms: number): [number, number, number] {
  const next = keys.findIndex((key) => key[0] > at_ms);
  const to = keys[next === -1 ? keys.length - 1 : next]!;
  const from = keys[next <= 0 ? (next === 0 ? 0 : keys.length - 1) : next - 1]!;
  const share = to === from ? 0 : smoothstep((at_ms - from[0]) / (to[0] - from[0]));
  const value = (axis: 1 | 2 | 3) => from[axis] + (to[axis] - from[axis]) * share;
  return [value(1), value(2), value(3)];
}
