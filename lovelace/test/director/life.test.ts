/** Eyes live by human numbers: blinks at log-normal gaps, some double; glances that jump and rest. */

import { describe, expect, test } from "vitest";
import { type Activity, Director } from "../../src/director/index.js";
import { Blinks } from "../../src/director/blink.js";
import { Gaze } from "../../src/director/gaze.js";
import { seeded } from "../../src/director/random.js";

const FRAME_MS = 1000 / 60;
const HOUR_MS = 3_600_000;
const SEEDS = [1, 2, 3];
/** Lids need this long to shut and open. */
const BLINK_MS = 235;

const mean = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;

function deviation(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
}

/** Measure skewness: 0 for a distribution that is even on both sides. */
function skewness(values: readonly number[]): number {
  const [middle, spread] = [mean(values), deviation(values)];
  return mean(values.map((value) => ((value - middle) / spread) ** 3));
}

/** Give the pauses between the blinks of an hour. */
function pauses(seed: number, talking: boolean): number[] {
  const blinks = new Blinks(seeded(seed));
  const starts: number[] = [];
  let before = 0;
  for (let now_ms = 0; now_ms < HOUR_MS; now_ms += FRAME_MS) {
    const lids = blinks.at(now_ms, talking);
    if (lids > 0.3 && before <= 0.3) starts.push(now_ms);
    before = lids;
  }
  return starts.slice(1).map((start_ms, i) => start_ms - starts[i]! - BLINK_MS);
}

describe.each(SEEDS)("blinks (seed %i)", (seed) => {
  test("come at log-normal gaps, fifteen in a hundred of them double", () => {
    const all = pauses(seed, false);
    const double = all.filter((pause_ms) => pause_ms < 200);
    expect(double.length / all.length).toBeGreaterThan(0.11);
    expect(double.length / all.length).toBeLessThan(0.19);
    const single = all.filter((pause_ms) => pause_ms >= 200);
    const logs = single.map((pause_ms) => Math.log(pause_ms));
    expect(Math.exp(mean(logs))).toBeGreaterThan(2600);
    expect(Math.exp(mean(logs))).toBeLessThan(3400);
    expect(deviation(logs)).toBeGreaterThan(0.45);
    expect(deviation(logs)).toBeLessThan(0.65);
    // Even on both sides as logarithms, with a long tail as times: that is what log-normal means.
    expect(Math.abs(skewness(logs))).toBeLessThan(0.3);
    expect(skewness(single)).toBeGreaterThan(1);
  });

  test("come 15 to 22 times a minute at rest and half as often again in talk", () => {
    const rest = pauses(seed, false).length / 60;
    const talk = pauses(seed, true).length / 60;
    expect(rest).toBeGreaterThan(12);
    expect(rest).toBeLessThan(22);
    expect(talk / rest).toBeGreaterThan(1.25);
    expect(talk).toBeLessThan(32.5);
  });
});

/** Follow the eyes for a while: where they look, relative to the person. */
function glances(activity: Activity, seed: number, length_ms = 600_000) {
  const gaze = new Gaze(seeded(seed));
  const frames: { yaw_deg: number; pitch_deg: number; jumped: boolean }[] = [];
  for (let now_ms = 0; now_ms < length_ms; now_ms += FRAME_MS) {
    const { eyes, head, jumped } = gaze.step(now_ms, FRAME_MS, activity, null);
    const [yaw_deg, pitch_deg] = [eyes.yaw_deg + head.yaw_deg, eyes.pitch_deg + head.pitch_deg];
    frames.push({ yaw_deg, pitch_deg, jumped });
  }
  return frames;
}

/** Give the share of time in which the eyes are on the person. */
const contact = (activity: Activity, seed: number) =>
  mean(
    glances(activity, seed).map(({ yaw_deg, pitch_deg }) =>
      Math.hypot(yaw_deg, pitch_deg) < 2 ? 1 : 0,
    ),
  );

describe.each(SEEDS)("glances (seed %i)", (seed) => {
  test("jump within three frames and rest for a second or two", () => {
    const frames = glances("idle", seed);
    const speeds = frames
      .slice(1)
      .map((to, i) =>
        Math.hypot(to.yaw_deg - frames[i]!.yaw_deg, to.pitch_deg - frames[i]!.pitch_deg),
      );
    const moving = speeds.map((speed) => speed > 0.15);
    const rests: number[] = [];
    let since = 0;
    moving.forEach((moves, i) => {
      if (!moves) since++;
      else if (!moving[i - 1]) {
        if (since > 6) rests.push(since * FRAME_MS);
        since = 0;
      }
    });
    expect(rests.length).toBeGreaterThan(200);
    expect(mean(rests)).toBeGreaterThan(800);
    expect(mean(rests)).toBeLessThan(2600);
    // Long looks and short ones: the spread of the logarithms, not a clock.
    expect(deviation(rests.map(Math.log))).toBeGreaterThan(0.35);
    // Nine tenths of a jump are over after 50 ms.
    const far = speeds.findIndex((speed) => speed > 3);
    const jump = speeds.slice(far, far + 12);
    const whole = jump.reduce((sum, speed) => sum + speed, 0);
    expect(jump.slice(0, 3).reduce((sum, speed) => sum + speed, 0) / whole).toBeGreaterThan(0.85);
  });

  test("meet the person more in talk than alone, and hardly in thought", () => {
    expect(contact("idle", seed)).toBeGreaterThan(0.4);
    expect(contact("idle", seed)).toBeLessThan(0.75);
    expect(contact("listening", seed)).toBeGreaterThan(0.75);
    expect(contact("speaking", seed)).toBeGreaterThan(0.65);
    expect(contact("thinking", seed)).toBeLessThan(0.25);
  });

  test("that go far take the lids with them", () => {
    const director = new Director(seed);
    const scene = { timeline: null, audio_ms: null, calm: true } as const;
    let [shut, jumps] = [0, 0];
    for (let round = 0; round < 40; round++) {
      const start_ms = round * 8000;
      const lids: number[] = [];
      for (let now_ms = start_ms; now_ms < start_ms + 8000; now_ms += FRAME_MS) {
        const activity = now_ms < start_ms + 4000 ? "listening" : "thinking";
        const { blink } = director.frame({ now_ms, activity, ...scene });
        if (now_ms >= start_ms + 4000 && now_ms < start_ms + 4300) lids.push(blink);
      }
      jumps++;
      if (Math.max(...lids) > 0.8) shut++;
    }
    // Now and then the lids have only just been shut; mostly they go down with the eyes.
    expect(shut / jumps).toBeGreaterThan(0.4);
  });
});
