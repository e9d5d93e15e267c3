/**
 * The mouth for sound of which nobody has said when which phoneme sounds: a small net names the shape of each 10 ms.
 *
 * Its weights are made by `script/benchmarks/mouth/teach.py`, which computes the same features.
 */

import { Fourier } from "./fourier.js";
import taught from "./ear-weights.json";

/** The shapes it can tell apart, by the names of docs/contracts.md §5. */
export type Shape = "sil" | "PP" | "FF" | "aa" | "E" | "I" | "O" | "U" | "DD" | "SS" | "CH" | "RR";

export interface Heard {
  at_ms: number;
  end_ms: number;
  shape: Shape;
  weight: number;
}

const STEP_S = 0.01;
const WINDOW_S = 0.025;
const FLOOR_DB = -60;
/** Quieter than this beside the loudest so far nobody speaks. */
const SILENT_DB = -42;
/** The strength of each shape's movement, as the timeline has it for the same phonemes. */
const STRENGTH: Partial<Record<Shape, number>> = { DD: 0.65, SS: 0.7, CH: 0.7, RR: 0.7 };

export class Ear {
  private readonly _width: number;
  private readonly _fourier: Fourier;
  private readonly _hann: Float64Array;
  private readonly _bands: readonly { first: number; parts: number[] }[];
  private _samples = new Float32Array(0);
  /** Samples that came before those that are kept. */
  private _gone = 0;
  private _loudest_db = FLOOR_DB / 2;
  private readonly _rows: Float64Array[] = [];
  private readonly _named: Shape[] = [];
  private readonly _levels_db: number[] = [];

  /** Hear sound of a rate. */
  constructor(private readonly _rate_hz: number) {
    this._width = Math.round(WINDOW_S * _rate_hz);
    this._fourier = new Fourier(1 << Math.ceil(Math.log2(this._width)));
    this._hann = Float64Array.from(
      { length: this._width },
      (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / (this._width - 1)),
    );
    this._bands = melBands(this._fourier.size / 2 + 1, _rate_hz);
  }

  /** Take the next samples (mono, −1…1). */
  push(samples: Float32Array): this {
    const joined = new Float32Array(this._samples.length + samples.length);
    joined.set(this._samples);
    joined.set(samples, this._samples.length);
    this._samples = joined;
    for (;;) {
      const from = Math.round(this._rows.length * STEP_S * this._rate_hz) - this._gone;
      if (from + this._width > this._samples.length) break;
      this._rows.push(this._features(this._samples.subarray(from, from + this._width)));
    }
    const next = Math.round(this._rows.length * STEP_S * this._rate_hz) - this._gone;
    const done = Math.max(0, Math.min(next, this._samples.length));
    this._samples = this._samples.slice(done);
    this._gone += done;
    return this;
  }

  /** Give what was heard so far as visemes, the last of them as long as the sound. */
  get visemes(): Heard[] {
    const shapes = smoothed(this._shapes());
    const visemes: Heard[] = [];
    // A window stands for its middle.
    const ms = (at: number) => Math.round(1000 * (at * STEP_S + WINDOW_S / 2) - 500 * STEP_S);
    shapes.forEach((shape, at) => {
      const last = visemes[visemes.length - 1];
      const end_ms = ms(at + 1);
      if (last?.shape === shape) last.end_ms = end_ms;
      else
        visemes.push({
          at_ms: visemes.length ? ms(at) : 0,
          end_ms,
          shape,
          weight: strength(shape),
        });
    });
    return visemes;
  }

  /** Name all steps; those whose surroundings are known are named once. */
  private _shapes(): Shape[] {
    const certain = Math.max(0, this._rows.length - Math.max(...taught.around));
    while (this._named.length < certain) this._named.push(this._shapeAt(this._named.length));
    const open = Array.from({ length: this._rows.length - this._named.length });
    return [...this._named, ...open.map((_, at) => this._shapeAt(this._named.length + at))];
  }

  /** Name the shape of a step by what sounds around it. */
  private _shapeAt(at: number): Shape {
    if (this._levels_db[at]! < SILENT_DB) return "sil";
    const rows = taught.around.map(
      (offset) => this._rows[Math.min(this._rows.length - 1, Math.max(0, at + offset))]!,
    );
    const hidden = HIDDEN_BIAS.map((bias, unit) => {
      let sum = bias;
      rows.forEach((row, place) => {
        for (let i = 0; i < row.length; i++)
          sum += row[i]! * HIDDEN[(place * row.length + i) * HIDDEN_BIAS.length + unit]!;
      });
      return Math.tanh(sum);
    });
    const scores = OUTPUT_BIAS.map((bias, shape) =>
      hidden.reduce(
        (sum, value, unit) => sum + value * OUTPUT[unit * OUTPUT_BIAS.length + shape]!,
        bias,
      ),
    );
    return taught.shapes[scores.indexOf(Math.max(...scores))] as Shape;
  }

  /** Give the mel cepstra of a window, and its level below the loudest so far in parts of 20 dB. */
  private _features(part: Float32Array): Float64Array {
    const energy = part.reduce((sum, value) => sum + value * value, 0) / part.length;
    const level_db = 10 * Math.log10(energy + 1e-9);
    this._loudest_db = Math.max(level_db, this._loudest_db - 0.02);
    this._levels_db.push(level_db - this._loudest_db);
    const power = this._fourier.power(part, this._hann);
    const mel = this._bands.map(({ first, parts }) =>
      Math.log(
        parts.reduce((sum, share, i) => sum + share * power[first + i]!, 0) / part.length + 1e-7,
      ),
    );
    const row = new Float64Array(taught.cepstra + 1);
    for (let k = 1; k <= taught.cepstra; k++)
      row[k - 1] =
        mel.reduce(
          (sum, value, i) => sum + value * Math.cos((Math.PI / mel.length) * k * (i + 0.5)),
          0,
        ) / mel.length;
    row[taught.cepstra] = Math.max(-3, (level_db - this._loudest_db) / 20);
    return row;
  }
}

const HIDDEN = unpacked(taught.hidden);
const OUTPUT = unpacked(taught.output);
const HIDDEN_BIAS: readonly number[] = taught.hidden_bias;
const OUTPUT_BIAS: readonly number[] = taught.output_bias;

/** Read a layer: signed bytes and what one of them is worth. */
function unpacked({ bytes, scale }: { bytes: string; scale: number }): Float64Array {
  return Float64Array.from(atob(bytes), (sign) => ((sign.charCodeAt(0) << 24) >> 24) * scale);
}

/** Give triangular bands that are even on the mel scale, each with its first bin and the bins' shares. */
function melBands(bins: number, rate_hz: number) {
  const mel = (hz: number) => 2595 * Math.log10(1 + hz / 700);
  const [low, high] = [mel(taught.lowest_hz), mel(taught.highest_hz)];
  const edge = (i: number) =>
    700 * (10 ** ((low + ((high - low) * i) / (taught.bands + 1)) / 2595) - 1);
  return Array.from({ length: taught.bands }, (_, band) => {
    const [from, top, to] = [edge(band), edge(band + 1), edge(band + 2)];
    const shares = Array.from({ length: bins }, (_, bin) => {
      const hz = (bin * rate_hz) / 2 / (bins - 1);
      return Math.max(0, Math.min((hz - from) / (top - from), (to - hz) / (to - top)));
    });
    const sum = shares.reduce((total, share) => total + share, 0) || 1;
    const first = Math.max(
      0,
      shares.findIndex((share) => share > 0),
    );
    const end = shares.reduce((last, share, bin) => (share > 0 ? bin + 1 : last), first);
    return { first, parts: shares.slice(first, end).map((share) => share / sum) };
  });
}

/** Let single steps that differ from both neighbours follow them: no mouth moves that fast. */
function smoothed(shapes: readonly Shape[]): Shape[] {
  return shapes.map((shape, at) => {
    const [before, after] = [shapes[at - 1], shapes[at + 1]];
    return before !== undefined && before === after ? before : shape;
  });
}

function strength(shape: Shape): number {
  return shape === "sil" ? 0 : (STRENGTH[shape] ?? 0.9);
}
