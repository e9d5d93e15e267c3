import { expect, test, vi } from "vitest";
import { hearInstead, type Sounding } from "../../src/companion/unspelled.js";
import { Timeline, weightsAt } from "../../src/director/index.js";
import { timeline } from "../golden.js";

const RATE_HZ = 16_000;

/** A voiced sound with formants of an "ah" between two silences, 300 ms each. */
function vowel(): Float32Array {
  return Float32Array.from({ length: 0.9 * RATE_HZ }, (_, i) => {
    const t = i / RATE_HZ;
    if (t < 0.3 || t > 0.6) return 0;
    let sum = 0;
    for (let n = 1; n < 40; n++) {
      const hz = 110 * n;
      const near = (formant: number, width: number) => Math.exp(-(((hz - formant) / width) ** 2));
      sum +=
        (near(750, 130) + 0.7 * near(1200, 150) + 0.2 * near(2600, 250)) *
        Math.sin(2 * Math.PI * hz * t);
    }
    return 0.1 * sum;
  });
}

test("a sound without phonemes opens the mouth while it sounds", async () => {
  const spoken = new Timeline();
  const player: Sounding = { onSound: null };
  hearInstead(player, "t", spoken);
  const samples = vowel();
  for (let at = 0; at < samples.length; at += 800)
    player.onSound?.(samples.subarray(at, at + 800), RATE_HZ);
  await vi.waitFor(() => expect(spoken.visemes.length).toBeGreaterThan(0));
  expect(weightsAt(spoken, 150).sil).toBeGreaterThan(0.9);
  expect(weightsAt(spoken, 450).sil).toBeLessThan(0.2);
  expect(weightsAt(spoken, 450).aa).toBeGreaterThan(0.4);
  expect(weightsAt(spoken, 800).sil).toBeGreaterThan(0.9);
});

test("phonemes that are there are believed, and those that come late as well", async () => {
  const known = Timeline.of(timeline.segments);
  const player: Sounding = { onSound: null };
  hearInstead(player, "t", known);
  player.onSound!(vowel(), RATE_HZ);
  expect(player.onSound).toBeNull();

  const late = new Timeline();
  hearInstead(player, "t", late);
  player.onSound!(vowel().subarray(0, 8000), RATE_HZ);
  await vi.waitFor(() => expect(late.visemes.length).toBeGreaterThan(0));
  timeline.segments.forEach((segment) => late.add(segment));
  player.onSound!(vowel().subarray(8000), RATE_HZ);
  expect(player.onSound).toBeNull();
  expect(late.visemes).toEqual(known.visemes);
});
