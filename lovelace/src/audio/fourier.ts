/** The power spectrum of short windows: an iterative radix-2 transform (Cooley & Tukey 1965). */

export class Fourier {
  private readonly _real: Float64Array;
  private readonly _imaginary: Float64Array;
  private readonly _order: Uint16Array;

  /** Prepare for windows of up to `size` samples, a power of two. */
  constructor(readonly size: number) {
    this._real = new Float64Array(size);
    this._imaginary = new Float64Array(size);
    const bits = Math.log2(size);
    this._order = Uint16Array.from({ length: size }, (_, i) => {
      let reversed = 0;
      for (let bit = 0; bit < bits; bit++) reversed |= ((i >> bit) & 1) << (bits - 1 - bit);
      return reversed;
    });
  }

  /** Give the power of each frequency from 0 to half the rate. */
  power(samples: Float32Array, window: Float64Array): Float64Array {
    const { size, _real: real, _imaginary: imaginary, _order: order } = this;
    imaginary.fill(0);
    for (let i = 0; i < size; i++) {
      const at = order[i]!;
      real[i] = at < samples.length ? samples[at]! * window[at]! : 0;
    }
    for (let half = 1; half < size; half *= 2) this._merge(half);
    return Float64Array.from(
      { length: size / 2 + 1 },
      (_, i) => real[i]! * real[i]! + imaginary[i]! * imaginary[i]!,
    );
  }

  /** Merge neighbouring spectra of `half` into spectra of twice the size. */
  private _merge(half: number): void {
    const { size, _real: real, _imaginary: imaginary } = this;
    for (let k = 0; k < half; k++) {
      const [c, s] = [Math.cos((-Math.PI * k) / half), Math.sin((-Math.PI * k) / half)];
      for (let even = k; even < size; even += 2 * half) {
        const odd = even + half;
        const r = real[odd]! * c - imaginary[odd]! * s;
        const i = real[odd]! * s + imaginary[odd]! * c;
        real[odd] = real[even]! - r;
        imaginary[odd] = imaginary[even]! - i;
        real[even] = real[even]! + r;
        imaginary[even] = imaginary[even]! + i;
      }
    }
  }
}
