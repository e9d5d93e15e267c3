import { describe, expect, test } from "vitest";
import { AnchoredClock, ReportedClock } from "../../src/audio/clock.js";

describe("the clock of our own sound", () => {
  test("runs with the samples and holds in a gap", () => {
    const clock = new AnchoredClock();
    clock.anchor(10, 0, 200);
    clock.anchor(10.2, 200, 300);
    clock.anchor(11, 500, 100);
    expect(clock.at(9.9)).toBeNull();
    expect(clock.at(10)).toBe(0);
    expect(clock.at(10.25)).toBeCloseTo(250);
    expect(clock.at(10.8)).toBe(500);
    expect(clock.at(11.05)).toBeCloseTo(550);
    expect(clock.at(12)).toBe(600);
    expect(clock.end_ms).toBe(600);
  });
});

describe("the clock of a loudspeaker elsewhere", () => {
  test("runs on between reports and stands still when it stops", () => {
    const clock = new ReportedClock();
    expect(clock.audioMs(0)).toBeNull();
    clock.report(0, 1000, true);
    expect(clock.audioMs(1400)).toBe(400);
    clock.report(500, 1600, true);
    expect(clock.audioMs(1700)).toBe(600);
    clock.report(620, 1720, false);
    expect(clock.audioMs(9000)).toBe(620);
  });

  test("may begin in the near future", () => {
    const clock = new ReportedClock();
    clock.report(0, 1200, true);
    expect(clock.audioMs(1000)).toBe(-200);
  });
});
