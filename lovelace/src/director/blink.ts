/** Blinks at human intervals: log-normal gaps, some of them double. */

import { smoothstep } from "./easing.js";
import { logNormal, type Random } from "./random.js";

const CLOSE_MS = 70;
const HOLD_MS = 30;
const OPEN_MS = 135;
const BLINK_MS = CLOSE_MS + HOLD_MS + OPEN_MS;
/** People blink about 17 times a minute at rest and 26 times in conversation. */
const GAP_REST_MS = 3000;
const GAP_TALK_MS = 2000;
const GAP_SIGMA = 0.55;
const DOUBLE_SHARE = 0.15;
const DOUBLE_GAP_MS = 90;

export class Blinks {
  private _start_ms = -Infinity;
  private _next_ms: number | null = null;

  constructor(private readonly _random: Random) {}

  /** Give how far the lids are closed at a time that never runs backwards. */
  at(now_ms: number, talking: boolean): number {
    this._next_ms ??= now_ms + this._gap(talking) / 2;
    if (now_ms >= this._next_ms) {
      this._start_ms = now_ms;
      this._next_ms = now_ms + BLINK_MS + this._gap(talking);
    }
    return lids(now_ms - this._start_ms);
  }

  /** Blink now, as people do when their eyes jump. */
  now(now_ms: number): void {
    if (now_ms - this._start_ms > 4 * BLINK_MS) this._next_ms = now_ms;
  }

  /** Draw the pause before the next blink. */
  private _gap(talking: boolean): number {
    if (this._random() < DOUBLE_SHARE) return DOUBLE_GAP_MS;
    const gap_ms = logNormal(this._random, talking ? GAP_TALK_MS : GAP_REST_MS, GAP_SIGMA);
    return Math.min(12_000, Math.max(500, gap_ms));
  }
}

/** Give the lids a time after a blink began: quick down, slower up. */
function lids(since_ms: number): number {
  if (since_ms < 0 || since_ms > BLINK_MS) return 0;
  if (since_ms < CLOSE_MS) return smoothstep(since_ms / CLOSE_MS);
  return 1 - smoothstep((since_ms - CLOSE_MS - HOLD_MS) / OPEN_MS);
}
