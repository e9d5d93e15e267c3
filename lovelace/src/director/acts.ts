/** Gestures that belong to no reply: idles, falling asleep, waking, and what the house asks for. */

import type { Activity } from "./activity.js";
import type { Gesture } from "./gestures/gesture.js";
import { gestureNamed } from "./gestures/registry.js";
import { fade, lay } from "./gesturing.js";
import type { Pose } from "./pose.js";
import { logNormal, type Random } from "./random.js";

/** What she does of her own accord while nothing happens. */
export const IDLES = ["look_around", "shift_weight", "touch_hair"] as const;

/** Idles come about four times a minute, and none of them twice within half a minute. */
const GAP_MS = 11_000;
const GAP_SIGMA = 0.35;
const NO_REPEAT_MS = 30_000;

interface Act {
  gesture: Gesture;
  start_ms: number;
  /** When something else interrupts it. */
  stop_ms: number;
}

export class Acts {
  private _acts: Act[] = [];
  private _activity: Activity | null = null;
  private _next_ms: number | null = null;
  private readonly _last_ms = new Map<string, number>();

  constructor(private readonly _random: Random) {}

  /** Begin a gesture now; the one that runs gives way. False where no gesture has that name. */
  play(name: string, now_ms: number): boolean {
    const gesture = gestureNamed(name);
    if (!gesture) return false;
    this._interrupt(now_ms);
    this._acts.push({ gesture, start_ms: now_ms, stop_ms: Infinity });
    return true;
  }

  /** Lay what runs over a pose; while she rests, begin something now and then. */
  step(pose: Pose, now_ms: number, activity: Activity, busy: boolean): void {
    if (this._activity !== activity) this._change(activity, now_ms);
    if (activity === "idle" && !busy) this._idle(now_ms);
    this._acts = this._acts.filter(({ gesture, start_ms, stop_ms }) => {
      const strength = fade(gesture, now_ms - start_ms, stop_ms - start_ms);
      if (strength > 0) lay(pose, gesture, now_ms - start_ms, strength);
      return strength > 0 || now_ms === start_ms;
    });
  }

  /** Begin and end what belongs to an activity. */
  private _change(activity: Activity, now_ms: number): void {
    const before = this._activity;
    this._activity = activity;
    this._next_ms = now_ms + this._gap();
    if (before === null) return;
    if (activity === "asleep") this.play("sleep", now_ms);
    else if (before === "asleep" && activity === "idle") this.play("wake", now_ms);
    // Somebody speaks to her: whatever she did to pass the time ends.
    else if (activity !== "idle") this._interrupt(now_ms);
  }

  /** Pass the time when it is due. */
  private _idle(now_ms: number): void {
    this._next_ms ??= now_ms + this._gap();
    if (now_ms < this._next_ms) return;
    this._next_ms = now_ms + this._gap();
    if (this._acts.length) return;
    const fresh = IDLES.filter(
      (name) => now_ms - (this._last_ms.get(name) ?? -Infinity) > NO_REPEAT_MS,
    );
    const name = fresh[Math.floor(this._random() * fresh.length)];
    if (!name) return;
    this._last_ms.set(name, now_ms);
    this.play(name, now_ms);
  }

  private _interrupt(now_ms: number): void {
    for (const act of this._acts) act.stop_ms = Math.min(act.stop_ms, now_ms);
  }

  private _gap(): number {
    return logNormal(this._random, GAP_MS, GAP_SIGMA);
  }
}
