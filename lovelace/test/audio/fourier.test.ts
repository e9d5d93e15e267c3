import fc from "fast-check";
import { expect, test } from "vitest";
import { Fourier } from "../../src/audio/fourier.js";

const SIZE = 64;
const flat = new Float64Array(SIZE).fill(1);

test("a pure tone stands in its own frequency alone", () => {
  const tone = Float32Array.from({ length: SIZE }, (_, i) =>
    Math.cos((2 * Math.PI * 5 * i) / SIZE),
  );
  const power = new Fourier(SIZE).power(tone, flat);
  expect(power[5]).toBeCloseTo((SIZE / 2) ** 2, 2);
  power.forEach((value, bin) => {
    if (bin !== 5) expect(value).toBeLessThan(1e-6);
  });
});

test("keeps the energy of any sound (Parseval)", () => {
  fc.assert(
    fc.property(
      fc.array(fc.float({ min: -1, max: 1, noNaN: true }), { maxLength: SIZE }),
      (values) => {
        const power = new Fourier(SIZE).power(Float32Array.from(values), flat);
        const spectrum = power.reduce(
          (sum, value, bin) => sum + value * (bin % (SIZE / 2) ? 2 : 1),
          0,
        );
        const energy = values.reduce((sum, value) => sum + value * value, 0);
        expect(spectrum / SIZE).toBeCloseTo(energy, 4);
      },
    ),
  );
});
