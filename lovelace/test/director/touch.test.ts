import { expect, test } from "vitest";
import "../../src/director/gestures/index.js";
import {
  Director,
  type Pose,
  type Scene,
  TOUCH_ANSWERS,
  TOUCHABLE,
} from "../../src/director/index.js";
import { GESTURES } from "../../src/director/gestures/index.js";

/** Let time go by in frames; gives the pose of the last. */
function live(director: Director, from_ms: number, to_ms: number, more: Partial<Scene> = {}): Pose {
  let pose: Pose | null = null;
  for (let now_ms = from_ms; now_ms <= to_ms; now_ms += 1000 / 60)
    pose = director.frame({
      now_ms,
      activity: "idle",
      timeline: null,
      audio_ms: null,
      calm: false,
      ...more,
    });
  return pose!;
}

test.each(TOUCHABLE)("a touch of the %s is answered and passes", (zone) => {
  const director = new Director(3);
  live(director, 0, 500);
  director.answer(TOUCH_ANSWERS[zone], 500);
  const felt = (pose: Pose) => Math.max(...Object.values(pose.feelings));
  expect(felt(live(director, 500, 1300))).toBeGreaterThan(0.2);
  expect(felt(live(director, 1300, 13_000))).toBeLessThan(0.02);
  const gesture = TOUCH_ANSWERS[zone].find(({ kind }) => kind === "gesture");
  expect(gesture && GESTURES[gesture.name]).toBeDefined();
});

test("a mood shows in a face at rest and gives way to a feeling", () => {
  const director = new Director(3);
  const mood = { relaxed: 0.3 };
  expect(live(director, 0, 300, { mood }).feelings.relaxed).toBeCloseTo(0.3);
  director.answer(TOUCH_ANSWERS.hand, 300);
  const pose = live(director, 300, 1300, { mood });
  expect(pose.feelings.happy).toBeGreaterThan(0.4);
  expect(pose.feelings.relaxed).toBeLessThan(0.05);
});

test("sitting lowers the hips and comes up again", () => {
  const director = new Director(3);
  director.play("sit", 0);
  expect(live(director, 0, 3000).hips?.[1]).toBeCloseTo(-0.46, 2);
  expect(live(director, 3000, 9100).hips?.[1] ?? 0).toBeCloseTo(0, 2);
});
