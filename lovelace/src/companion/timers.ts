/** The timers of the rooms: asked when something was said, counted down here. */

import type { Timer } from "../ha/messages.js";

export interface RunningTimer extends Timer {
  /** When it rings, in `Date.now()`; null while it stands still. */
  ends_ms: number | null;
}

/** Somebody else may stop or change a timer, by another satellite's button for example. */
const ASK_AGAIN_MS = 60_000;

interface House {
  timers(): Promise<Timer[]>;
  stopTimer(timer_id: string): Promise<void>;
}

export class Timers {
  running: readonly RunningTimer[] = [];
  private _next: ReturnType<typeof setTimeout> | null = null;

  constructor(
    private readonly _house: House,
    private readonly _changed: () => void,
  ) {}

  /** Ask what runs now, and again when the next one has rung. */
  async refresh(): Promise<void> {
    this.stop();
    let timers: Timer[] = [];
    try {
      timers = await this._house.timers();
    } catch {
      // An older integration knows of none.
    }
    const now_ms = Date.now();
    const had = this.running.length > 0;
    this.running = timers.map((timer) => ({
      ...timer,
      ends_ms: timer.is_active ? now_ms + 1000 * timer.seconds_left : null,
    }));
    if (had || timers.length) this._changed();
    const first_ms = this.running[0]?.ends_ms;
    if (!timers.length) return;
    const wait_ms = Math.min(ASK_AGAIN_MS, first_ms ? first_ms - now_ms + 1000 : ASK_AGAIN_MS);
    this._next = setTimeout(() => void this.refresh(), wait_ms);
  }

  /** Stop one that runs. */
  async end(timer_id: string): Promise<void> {
    await this._house.stopTimer(timer_id);
    await this.refresh();
  }

  /** Ask no longer. */
  stop(): void {
    if (this._next) clearTimeout(this._next);
    this._next = null;
  }
}

/** Write what is left as people read it: 4:05, or 1:04:05. */
export function clockOf(left_ms: number): string {
  const left_s = Math.max(0, Math.ceil(left_ms / 1000));
  const two = (value: number) => String(value).padStart(2, "0");
  const [hours, minutes, seconds] = [
    Math.floor(left_s / 3600),
    Math.floor(left_s / 60) % 60,
    left_s % 60,
  ];
  return hours ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}
