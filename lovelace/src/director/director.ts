/** The director: all layers, each in its own file, mixed once a frame. */

import type { Activity } from "./activity.js";
import { Acts } from "./acts.js";
import { beatAt } from "./beats.js";
import { Blinks } from "./blink.js";
import { follow } from "./easing.js";
import { EMOTIONS, feelingsAt, type Feelings, noFeelings } from "./emotion.js";
import { Gaze, gazeCueAt } from "./gaze.js";
import { gesticulate } from "./gesturing.js";
import { breathe } from "./idle.js";
import { add, type Pose, standing } from "./pose.js";
import { Posture } from "./posture.js";
import { turn } from "./quaternion.js";
import { seeded } from "./random.js";
import { noWeights, type Weights } from "./shapes.js";
import type { Cue, Timeline } from "./timeline.js";
import { MOUTH_LEAD_MS, weightsAt } from "./visemes.js";

/** What the stage knows at one frame. */
export interface Scene {
  now_ms: number;
  activity: Activity;
  /** The reply and its place in it; null while nothing is said. */
  timeline: Timeline | null;
  audio_ms: number | null;
  /** The person asked for less motion: no sway, no large gestures. */
  calm: boolean;
  /** What she feels when nothing else moves her face. */
  mood?: Partial<Feelings>;
}

const LONGEST_STEP_MS = 100;
const DROWSE_MS = 900;
const LONGEST_ANSWER_MS = 12_000;

export class Director {
  private readonly _gaze: Gaze;
  private readonly _blinks: Blinks;
  private readonly _acts: Acts;
  private readonly _posture = new Posture();
  private _last_ms: number | null = null;
  private _sleep = 0;
  private _aside: { cues: readonly Cue[]; start_ms: number } | null = null;

  constructor(seed = 1) {
    this._gaze = new Gaze(seeded(seed));
    this._blinks = new Blinks(seeded(seed + 1));
    this._acts = new Acts(seeded(seed + 2));
  }

  /** Make a gesture now, without a reply; false where none has that name. */
  play(gesture: string, now_ms: number): boolean {
    return this._acts.play(gesture, now_ms);
  }

  /** Answer something with cues now; a reply that is spoken goes before. */
  answer(cues: readonly Cue[], now_ms: number): void {
    this._aside = { cues, start_ms: now_ms };
  }

  /** Give the pose of the next frame; time never runs backwards. */
  frame(scene: Scene): Pose {
    const { now_ms, activity, calm } = scene;
    const step_ms = Math.min(LONGEST_STEP_MS, now_ms - (this._last_ms ?? now_ms));
    this._last_ms = now_ms;
    const pose = spokenPose(scene.timeline, scene.audio_ms, MOUTH_LEAD_MS);
    breathe(pose.bones, now_ms, calm ? 0 : 1);
    this._posture.step(pose.bones, activity, step_ms);
    if (!calm) this._acts.step(pose, now_ms, activity, scene.timeline !== null);
    if (scene.timeline && scene.audio_ms !== null) {
      const { cues, cut_ms } = scene.timeline;
      if (!calm) gesticulate(pose, cues, scene.audio_ms, cut_ms);
      add(pose.bones, "head", turn(beatAt(scene.timeline, scene.audio_ms), 0, 0));
    } else if (this._aside) this._answer(pose, this._aside, now_ms, calm);
    rest(pose.feelings, scene.mood ?? {});
    this._look(pose, scene, step_ms);
    pose.blink = Math.max(
      pose.blink,
      this._lids(activity, step_ms),
      this._blinks.at(now_ms, pose.speaking),
    );
    return pose;
  }

  /** Show an answer outside of any reply. */
  private _answer(
    pose: Pose,
    { cues, start_ms }: { cues: readonly Cue[]; start_ms: number },
    now_ms: number,
    calm: boolean,
  ): void {
    Object.assign(pose.feelings, feelingsAt(cues, now_ms - start_ms));
    if (!calm) gesticulate(pose, cues, now_ms - start_ms);
    if (now_ms - start_ms > LONGEST_ANSWER_MS) this._aside = null;
  }

  /** Turn eyes and head to where she looks. */
  private _look(pose: Pose, { now_ms, activity, timeline, audio_ms }: Scene, step_ms: number) {
    const cue = timeline && audio_ms !== null ? gazeCueAt(timeline.cues, audio_ms) : null;
    const { eyes, head, jumped } = this._gaze.step(now_ms, step_ms, activity, cue);
    if (jumped) this._blinks.now(now_ms);
    pose.gaze = eyes;
    add(pose.bones, "neck", turn(-0.4 * head.pitch_deg, 0.4 * head.yaw_deg, 0));
    add(pose.bones, "head", turn(-0.6 * head.pitch_deg, 0.6 * head.yaw_deg, 0));
  }

  /** Close the lids slowly when she falls asleep, and open them when she wakes. */
  private _lids(activity: Activity, step_ms: number): number {
    const target = activity === "asleep" ? 1 : 0;
    this._sleep += (target - this._sleep) * follow(step_ms, DROWSE_MS / 3);
    return this._sleep;
  }
}

/** Give what a reply does to the face at a time: no idling, no chance, the same each time. */
export function spokenPose(timeline: Timeline | null, audio_ms: number | null, lead_ms = 0): Pose {
  const speaks = timeline !== null && audio_ms !== null;
  const mouth = speaks ? weightsAt(timeline, audio_ms + lead_ms) : restingMouth();
  return {
    bones: standing(),
    feelings: speaks ? feelingsAt(timeline.cues, audio_ms) : noFeelings(),
    mouth,
    blink: 0,
    gaze: { yaw_deg: 0, pitch_deg: 0 },
    speaking: mouth.sil < 0.9,
  };
}

/** Let the mood show where no feeling does. */
function rest(feelings: Feelings, mood: Partial<Feelings>): void {
  const moved = Math.max(...EMOTIONS.map((emotion) => feelings[emotion]));
  for (const emotion of EMOTIONS)
    feelings[emotion] = Math.max(
      feelings[emotion],
      (mood[emotion] ?? 0) * Math.max(0, 1 - 2 * moved),
    );
}

/** Give a closed, silent mouth. */
function restingMouth(): Weights {
  return { ...noWeights(), sil: 1 };
}
