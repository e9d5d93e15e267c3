import fc from "fast-check";
import { expect, test } from "vitest";
import { FrameMaker, FRAME_SAMPLES } from "../../src/audio/frames.js";

/** Make a tone. */
function tone(hz: number, rate_hz: number, seconds: number, amplitude = 0.5): Float32Array {
  return Float32Array.from(
    { length: rate_hz * seconds },
    (_, i) => amplitude * Math.sin((2 * Math.PI * hz * i) / rate_hz),
  );
}

/** Feed samples in blocks of the audio thread. */
function frames(maker: FrameMaker, samples: Float32Array) {
  const made = [];
  for (let at = 0; at < samples.length; at += 128)
    made.push(...maker.push(samples.subarray(at, at + 128)));
  return made;
}

test.each([44_100, 48_000, 16_000, 96_000])("a second at %i Hz is fifty frames", (rate_hz) => {
  const made = frames(new FrameMaker(rate_hz), tone(440, rate_hz, 1));
  expect(made.length).toBeGreaterThanOrEqual(49);
  expect(made.length).toBeLessThanOrEqual(50);
  expect(made.every(({ pcm }) => pcm.length === FRAME_SAMPLES)).toBe(true);
});

test("a tone keeps its loudness, one above 8 kHz disappears", () => {
  const heard = frames(new FrameMaker(48_000), tone(440, 48_000, 0.5)).slice(2);
  for (const { level } of heard) expect(level).toBeCloseTo(0.5 / Math.SQRT2, 1);
  const folded = frames(new FrameMaker(48_000), tone(11_000, 48_000, 0.5)).slice(2);
  for (const { level } of folded) expect(level).toBeLessThan(0.01);
});

test("what is too loud is clipped, never wrapped", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -9, max: 9, noNaN: true }), { minLength: 640 }),
      (all) => {
        for (const [at, { pcm }] of new FrameMaker(16_000).push(Float32Array.from(all)).entries())
          pcm.forEach((sample, i) => {
            const clipped = Math.max(-1, Math.min(1, all[at * FRAME_SAMPLES + i]!));
            expect(Math.abs(sample - clipped * 32767)).toBeLessThanOrEqual(1);
          });
      },
    ),
    { numRuns: 20 },
  );
});
