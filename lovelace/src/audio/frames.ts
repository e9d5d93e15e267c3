/** Make of a microphone's samples what the house listens to: 16 kHz, 16 bit, frames of 20 ms. */

import { Resampler } from "./resample.js";

const LISTENING_HZ = 16_000;
export const FRAME_MS = 20;
export const FRAME_SAMPLES = (LISTENING_HZ * FRAME_MS) / 1000;

export interface Frame {
  pcm: Int16Array<ArrayBuffer>;
  /** Root mean square, 0…1. */
  level: number;
}

/** Takes pieces of any length at the device's rate and gives whole frames. */
export class FrameMaker {
  private readonly _resampler: Resampler;
  private _pcm = new Int16Array(FRAME_SAMPLES);
  private _filled = 0;
  private _power = 0;

  constructor(device_hz: number) {
    this._resampler = new Resampler(device_hz, LISTENING_HZ);
  }

  push(samples: Float32Array): Frame[] {
    const frames: Frame[] = [];
    for (const sample of this._resampler.push(samples)) {
      const clipped = Math.max(-1, Math.min(1, sample));
      this._pcm[this._filled++] = Math.round(clipped * 32767);
      this._power += clipped * clipped;
      if (this._filled === FRAME_SAMPLES) frames.push(this._take());
    }
    return frames;
  }

  private _take(): Frame {
    const frame = { pcm: this._pcm, level: Math.sqrt(this._power / FRAME_SAMPLES) };
    this._pcm = new Int16Array(FRAME_SAMPLES);
    [this._filled, this._power] = [0, 0];
    return frame;
  }
}
