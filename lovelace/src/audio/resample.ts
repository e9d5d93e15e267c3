/** Change the sample rate of a stream, so that pieces meet without a click. */

/** Taps on each side of the point; enough for speech on a tablet's loudspeaker. */
const REACH = 12;
/** Places between two samples that are told apart: rounding errors must not make new ones. */
const PLACES = 1e5;
const KEPT_KERNELS = 2048;

/** A windowed-sinc interpolator that keeps its place between pieces. */
export class Resampler {
  private readonly _step: number;
  private readonly _cutoff: number;
  private readonly _reach: number;
  private readonly _kernels = new Map<number, Float32Array>();
  private _tail: Float32Array;
  /** Place of the next output sample in the tail. */
  private _at: number;

  constructor(from_hz: number, to_hz: number) {
    this._step = from_hz / to_hz;
    // Going down, what the lower rate cannot hold must be filtered away first.
    this._cutoff = Math.min(1, to_hz / from_hz);
    this._reach = Math.ceil(REACH / this._cutoff);
    this._tail = new Float32Array(this._reach);
    this._at = this._reach;
  }

  /** Take samples and give those that can be computed now. */
  push(samples: Float32Array): Float32Array {
    if (this._step === 1) return samples;
    const input = new Float32Array(this._tail.length + samples.length);
    input.set(this._tail);
    input.set(samples, this._tail.length);
    const output: number[] = [];
    while (this._at + this._reach < input.length) {
      output.push(this._sample(input, this._at));
      this._at += this._step;
    }
    const used = Math.max(0, Math.floor(this._at) - this._reach);
    this._tail = input.slice(used);
    this._at -= used;
    return Float32Array.from(output);
  }

  /** Give what is still inside when no more comes. */
  flush(): Float32Array {
    return this._step === 1 ? new Float32Array(0) : this.push(new Float32Array(this._reach + 1));
  }

  /** Interpolate at a place between samples. */
  private _sample(input: Float32Array, at: number): number {
    const centre = Math.floor(at);
    const kernel = this._kernel(at - centre);
    const first = centre - this._reach + 1;
    let sum = 0;
    for (let tap = 0; tap < kernel.length; tap++) sum += (input[first + tap] ?? 0) * kernel[tap]!;
    return sum;
  }

  /** Give the weights of the samples around a place; usual rates meet only some hundred places. */
  private _kernel(fraction: number): Float32Array {
    const key = Math.round(fraction * PLACES);
    let kernel = this._kernels.get(key);
    if (!kernel) {
      if (this._kernels.size >= KEPT_KERNELS) this._kernels.clear();
      kernel = Float32Array.from({ length: 2 * this._reach }, (_, tap) => {
        const distance = key / PLACES + this._reach - 1 - tap;
        const window = 0.5 + 0.5 * Math.cos((Math.PI * distance) / (this._reach + 1));
        return this._cutoff * sinc(this._cutoff * distance) * window;
      });
      this._kernels.set(key, kernel);
    }
    return kernel;
  }
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}
