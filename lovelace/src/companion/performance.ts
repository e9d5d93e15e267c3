/** A reply as it is heard: its timeline on the clock of whatever loudspeaker plays it. */

import { type AudioClock, ReportedClock } from "../audio/clock.js";
import { type SpokenWord, type Timeline, wordAt } from "../director/timeline.js";

import { hearInstead, type Sounding } from "./unspelled.js";

export type Precision = "local" | "reported" | "approximate" | "mimed";

/** After the last sound the feelings fade for this long; then the stage is empty again. */
const AFTERGLOW_MS = 8000;

export class Performance {
  precision: Precision = "mimed";
  private _clock: AudioClock | null = null;
  private _cut: Timeline | null = null;

  constructor(
    readonly turn_id: string,
    private readonly _timeline: Timeline,
  ) {}

  /** Give what may still be mouthed. */
  get timeline(): Timeline {
    return this._cut ?? this._timeline;
  }

  get hasClock(): boolean {
    return this._clock !== null;
  }

  /** Follow our own loudspeaker. */
  playOn(clock: AudioClock & Partial<Sounding>): void {
    if (clock.onSound !== undefined) hearInstead(clock as Sounding, this.turn_id, this._timeline);
    this._clock = clock;
    this.precision = "local";
  }

  /** Follow a loudspeaker elsewhere; our own sound, where it plays, is the better clock. */
  report(audio_ms: number, at_ms: number, playing: boolean, precision: Precision): void {
    if (this.precision === "local") return;
    const clock = this._clock instanceof ReportedClock ? this._clock : new ReportedClock();
    clock.report(audio_ms, at_ms, playing);
    this._clock = clock;
    this.precision = precision;
  }

  /** Move the mouth without sound from now on, where the sound broke off from there. */
  mime(now_ms: number): void {
    const clock = new ReportedClock();
    clock.report(this.audioMs(now_ms) ?? 0, now_ms, true);
    this._clock = clock;
    this.precision = "mimed";
  }

  /** End it here: what has not sounded is never mouthed. */
  cut(now_ms: number): void {
    if (!this._cut) this._cut = this._timeline.cutAt(this.audioMs(now_ms) ?? 0);
  }

  audioMs(now_ms: number): number | null {
    return this._clock?.audioMs(now_ms) ?? null;
  }

  /** Tell whether words are heard now. */
  speaking(now_ms: number): boolean {
    const audio_ms = this.audioMs(now_ms);
    if (audio_ms === null || this._cut || !this._clock?.playing) return false;
    return !this._timeline.complete || audio_ms < this._timeline.end_ms;
  }

  /** Tell whether nothing of it is left, not even a fading smile. */
  over(now_ms: number): boolean {
    const audio_ms = this.audioMs(now_ms);
    if (audio_ms === null || this.speaking(now_ms)) return false;
    const end_ms = this._cut ? 0 : this._timeline.end_ms;
    return (this._cut !== null || this._timeline.complete) && audio_ms > end_ms + AFTERGLOW_MS;
  }

  /** Give the word that is heard now. */
  wordAt(now_ms: number): SpokenWord | null {
    const audio_ms = this.audioMs(now_ms);
    return audio_ms !== null && this.speaking(now_ms) ? wordAt(this.timeline, audio_ms) : null;
  }
}
