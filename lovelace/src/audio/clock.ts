/** Where in the reply the sound is: from our own loudspeaker, a satellite's, or nowhere. */

export interface AudioClock {
  /** Give the place in the reply's audio at a time of `performance.now()`; null before it begins. */
  audioMs(now_ms: number): number | null;
  readonly playing: boolean;
}

/** A clock that somebody else reports: at that time, the sound was at that place. */
export class ReportedClock implements AudioClock {
  private _audio_ms = 0;
  private _at_ms = 0;
  private _known = false;
  playing = false;

  /** Take a report; `at_ms` is a time of `performance.now()`. */
  report(audio_ms: number, at_ms: number, playing: boolean): void {
    [this._audio_ms, this._at_ms, this._known, this.playing] = [audio_ms, at_ms, true, playing];
  }

  audioMs(now_ms: number): number | null {
    if (!this._known) return null;
    // A report may name the near future: the sound is on its way to the loudspeaker.
    return this.playing ? this._audio_ms + now_ms - this._at_ms : this._audio_ms;
  }
}

/** Joins the pieces of a stream to one clock; a gap in the stream holds the time. */
export class AnchoredClock {
  private readonly _anchors: { at_s: number; audio_ms: number; end_ms: number }[] = [];

  /** Say that a piece of sound is heard from a time on. */
  anchor(at_s: number, audio_ms: number, duration_ms: number): void {
    const last = this._anchors[this._anchors.length - 1];
    const gapless =
      last && Math.abs(at_s - (last.at_s + (last.end_ms - last.audio_ms) / 1000)) < 1e-4;
    if (gapless) last.end_ms = audio_ms + duration_ms;
    else this._anchors.push({ at_s, audio_ms, end_ms: audio_ms + duration_ms });
  }

  /** Give the place in the audio at a time; null before the first piece. */
  at(time_s: number): number | null {
    for (let i = this._anchors.length - 1; i >= 0; i--) {
      const { at_s, audio_ms, end_ms } = this._anchors[i]!;
      if (time_s >= at_s) return Math.min(end_ms, audio_ms + (time_s - at_s) * 1000);
    }
    return null;
  }

  get end_ms(): number {
    return this._anchors[this._anchors.length - 1]?.end_ms ?? 0;
  }
}
