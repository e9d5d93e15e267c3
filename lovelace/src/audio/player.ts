/** Play a WAV stream through the page's AudioContext, on a clock that is exact to the sample. */

import { AnchoredClock, type AudioClock } from "./clock.js";
import { audioContext, heardTime } from "./output.js";
import { Resampler } from "./resample.js";
import { WavReader } from "./wav.js";

/** `stopped` by somebody, `lost` where the sound could not be fetched (further). */
export type PlayState = "started" | "finished" | "stopped" | "lost";

/** Sound waits this long, so that a late piece of the stream is still in time. */
const LEAD_S = 0.15;
/** Short fade where a piece follows a gap or is cut: a hard edge clicks. */
const FADE_S = 0.03;
const WATCH_MS = 40;

export class WavPlayer implements AudioClock {
  private readonly _abort = new AbortController();
  private readonly _clock = new AnchoredClock();
  private readonly _sources = new Set<AudioBufferSourceNode>();
  private readonly _output = audioContext();
  private readonly _gain = this._output.createGain();
  private readonly _reader = new WavReader();
  private _resampler: Resampler | null = null;
  private _next_s = 0;
  private _frames = 0;
  private _loaded = false;
  private _watch: ReturnType<typeof setInterval> | null = null;
  private _state: "waiting" | PlayState = "waiting";
  /** Hears every piece before it sounds, with its place in the reply. */
  onSound: ((samples: Float32Array, rate_hz: number) => void) | null = null;
  /** Where the sound was when it ended, so that the clock never runs back. */
  private _ended: { audio_ms: number; at_ms: number } | null = null;

  constructor(
    private readonly _url: string,
    private readonly _onState: (state: PlayState, audio_ms: number) => void,
  ) {
    this._gain.connect(this._output.destination);
  }

  get playing(): boolean {
    return this._state === "started";
  }

  /** Fetch and play; resolves when all is loaded, rejects when the stream fails. */
  async play(): Promise<void> {
    this._watch = setInterval(() => this._look(), WATCH_MS);
    try {
      const response = await fetch(this._url, {
        signal: this._abort.signal,
        credentials: "same-origin",
      });
      if (!response.ok || !response.body) throw new Error(`the sound answers ${response.status}`);
      const stream = response.body.getReader();
      for (let part = await stream.read(); !part.done; part = await stream.read())
        this._schedule(this._convert(this._reader.push(part.value)));
      if (this._resampler) this._schedule(this._resampler.flush());
      this._loaded = true;
      if (!this._frames) this._end("finished");
    } catch (error) {
      if (this._abort.signal.aborted) return;
      this._leave("lost");
      throw error;
    }
  }

  /** Stop within 30 ms and drop the rest of the stream. */
  stop(): void {
    this._leave("stopped");
  }

  private _leave(state: "stopped" | "lost"): void {
    if (this._ended) return;
    this._abort.abort();
    this._gain.gain.setTargetAtTime(0, this._output.currentTime, FADE_S / 3);
    for (const source of this._sources) source.stop(this._output.currentTime + FADE_S);
    this._end(state);
  }

  audioMs(now_ms: number): number | null {
    // After the end time goes on, for the feelings that outlast the words.
    if (this._ended) return this._ended.audio_ms + Math.max(0, now_ms - this._ended.at_ms);
    if (this._output.state !== "running") return null;
    return this._clock.at(heardTime(this._output, now_ms));
  }

  /** Bring samples to the context's rate. */
  private _convert(samples: Float32Array): Float32Array {
    const format = this._reader.format;
    if (!format) return samples;
    this._resampler ??= new Resampler(format.sample_rate_hz, this._output.sampleRate);
    return this._resampler.push(samples);
  }

  /** Queue a piece right behind the one before it, or a little ahead after a gap. */
  private _schedule(samples: Float32Array): void {
    if (!samples.length || this._abort.signal.aborted) return;
    const rate_hz = this._output.sampleRate;
    const buffer = this._output.createBuffer(1, samples.length, rate_hz);
    buffer.getChannelData(0).set(samples);
    this.onSound?.(samples, rate_hz);
    if (this._next_s < this._output.currentTime + 0.01) {
      // Whole samples only, else the browser would interpolate at every seam.
      this._next_s = Math.ceil((this._output.currentTime + LEAD_S) * rate_hz) / rate_hz;
    }
    const source = this._output.createBufferSource();
    source.buffer = buffer;
    source.connect(this._gain);
    source.onended = () => this._sources.delete(source);
    source.start(this._next_s);
    this._sources.add(source);
    const milliseconds = (frames: number) => (frames * 1000) / rate_hz;
    this._clock.anchor(this._next_s, milliseconds(this._frames), milliseconds(samples.length));
    this._frames += samples.length;
    this._next_s += samples.length / rate_hz;
  }

  /** Notice the first and the last sample heard. */
  private _look(): void {
    const audio_ms = this.audioMs(performance.now());
    if (audio_ms === null) return;
    if (this._state === "waiting") this._change("started", 0);
    if (this._loaded && this._state === "started" && audio_ms >= this._clock.end_ms - 1)
      this._end("finished");
  }

  private _end(state: Exclude<PlayState, "started">): void {
    const now_ms = performance.now();
    const audio_ms = this.audioMs(now_ms) ?? 0;
    this._ended = { audio_ms, at_ms: now_ms };
    if (this._watch) clearInterval(this._watch);
    this._change(state, audio_ms);
  }

  private _change(state: PlayState, audio_ms: number): void {
    this._state = state;
    this._onState(state, Math.round(audio_ms));
  }
}
