/** Where she looks: mostly at the person, with small jumps, and away while she thinks. */

import { follow } from "./easing.js";
import type { Activity } from "./activity.js";
import { logNormal, type Random } from "./random.js";
import type { Cue } from "./timeline.js";

export interface Direction {
  yaw_deg: number;
  pitch_deg: number;
}

/** Share of time that the eyes rest on the person. */
const CONTACT: Readonly<Record<Activity, number>> = {
  idle: 0.55,
  listening: 0.85,
  thinking: 0.1,
  speaking: 0.75,
  asleep: 0,
};
const THINKING: Direction = { yaw_deg: 11, pitch_deg: 9 };
const NAMED: Readonly<Record<string, Direction>> = {
  user: { yaw_deg: 0, pitch_deg: 0 },
  left: { yaw_deg: 22, pitch_deg: 0 },
  right: { yaw_deg: -22, pitch_deg: 0 },
  up: { yaw_deg: 0, pitch_deg: 14 },
  down: { yaw_deg: 0, pitch_deg: -16 },
  away: { yaw_deg: 20, pitch_deg: -4 },
};
const CUE_HOLD_MS = 1500;
/** Eyes jump within 50 ms; the head comes after them. */
const EYE_TAU_MS = 22;
const HEAD_TAU_MS = 260;
const HEAD_SHARE = 0.55;
const LARGE_JUMP_DEG = 9;

export class Gaze {
  private _target: Direction = { yaw_deg: 0, pitch_deg: 0 };
  private _eyes: Direction = { yaw_deg: 0, pitch_deg: 0 };
  private _head: Direction = { yaw_deg: 0, pitch_deg: 0 };
  private _next_ms = -Infinity;
  private _activity: Activity = "idle";

  constructor(private readonly _random: Random) {}

  /** Move eyes and head one step on; tells also whether the eyes just jumped far. */
  step(now_ms: number, step_ms: number, activity: Activity, cue: Direction | null) {
    const jump_deg = this._choose(now_ms, activity, cue);
    this._head = approach(this._head, this._target, HEAD_SHARE, follow(step_ms, HEAD_TAU_MS));
    this._eyes = approach(this._eyes, this._target, 1, follow(step_ms, EYE_TAU_MS));
    const eyes = {
      yaw_deg: this._eyes.yaw_deg - this._head.yaw_deg,
      pitch_deg: this._eyes.pitch_deg - this._head.pitch_deg,
    };
    return { eyes, head: this._head, jumped: jump_deg > LARGE_JUMP_DEG };
  }

  /** Pick a new place to look at when the old one has been looked at long enough. */
  private _choose(now_ms: number, activity: Activity, cue: Direction | null): number {
    const due = now_ms >= this._next_ms || activity !== this._activity;
    if (!due && !cue) return 0;
    const before = this._target;
    this._activity = activity;
    if (due) {
      this._target = this._wander(activity);
      this._next_ms = now_ms + logNormal(this._random, 1300, 0.5);
    }
    if (cue) this._target = cue;
    return Math.hypot(
      this._target.yaw_deg - before.yaw_deg,
      this._target.pitch_deg - before.pitch_deg,
    );
  }

  /** Draw a place near the person, or aside. */
  private _wander(activity: Activity): Direction {
    const spread = (range_deg: number) => (this._random() - 0.5) * 2 * range_deg;
    if (this._random() < CONTACT[activity]) return { yaw_deg: spread(1.2), pitch_deg: spread(0.8) };
    if (activity === "thinking")
      return { yaw_deg: THINKING.yaw_deg + spread(5), pitch_deg: THINKING.pitch_deg + spread(3) };
    return { yaw_deg: spread(13), pitch_deg: spread(5) - 1 };
  }
}

/** Give the direction a gaze cue asks for while it lasts. */
export function gazeCueAt(cues: readonly Cue[], audio_ms: number): Direction | null {
  let direction: Direction | null = null;
  for (const cue of cues) {
    if (cue.at_ms > audio_ms) break;
    if (cue.kind !== "gaze") continue;
    const over = audio_ms > cue.at_ms + (cue.hold_ms || CUE_HOLD_MS);
    direction = over ? null : (NAMED[cue.name.toLowerCase()] ?? null);
  }
  return direction;
}

/** Go a share of the way to a share of a direction. */
function approach(from: Direction, to: Direction, part: number, share: number): Direction {
  return {
    yaw_deg: from.yaw_deg + (to.yaw_deg * part - from.yaw_deg) * share,
    pitch_deg: from.pitch_deg + (to.pitch_deg * part - from.pitch_deg) * share,
  };
}
