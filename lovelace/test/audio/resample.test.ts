import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Resampler } from "../../src/audio/resample.js";

/** Make a tone. */
function tone(frequency_hz: number, rate_hz: number, samples: number): Float32Array {
  return Float32Array.from({ length: samples }, (_, i) =>
    Math.sin((2 * Math.PI * frequency_hz * i) / rate_hz),
  );
}

/** Resample in pieces of the given lengths. */
function resample(input: Float32Array, from_hz: number, to_hz: number, cuts: readonly number[]) {
  const resampler = new Resampler(from_hz, to_hz);
  const output: number[] = [];
  let at = 0;
  for (const cut of cuts) {
    output.push(...resampler.push(input.slice(at, at + cut)));
    at += cut;
  }
  output.push(...resampler.push(input.slice(at)), ...resampler.flush());
  return output;
}

describe("a resampled stream", () => {
  test("is the same wherever it is cut", () => {
    const input = tone(440, 22050, 900);
    const whole = resample(input, 22050, 48000, []);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 200 }), { maxLength: 12 }), (cuts) => {
        const pieces = resample(input, 22050, 48000, cuts);
        expect(pieces.length).toBe(whole.length);
        pieces.forEach((sample, i) => expect(Math.abs(sample - whole[i]!)).toBeLessThan(1e-5));
      }),
      { numRuns: 30 },
    );
  });

  test.each([
    [22050, 48000],
    [16000, 44100],
    [48000, 44100],
  ])("from %i to %i Hz keeps the tone and its place in time", (from_hz, to_hz) => {
    const output = resample(tone(440, from_hz, from_hz / 5), from_hz, to_hz, [777]);
    const wanted = tone(440, to_hz, to_hz / 5);
    expect(Math.abs(output.length - wanted.length)).toBeLessThan(4);
    for (let i = 200; i < wanted.length - 200; i++)
      expect(Math.abs(output[i]! - wanted[i]!)).toBeLessThan(0.01);
  });

  test("at the same rate is left alone", () => {
    const input = tone(440, 48000, 100);
    expect(new Resampler(48000, 48000).push(input)).toBe(input);
  });
});
