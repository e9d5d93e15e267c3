import { expect, test } from "vitest";
import { measureOffset } from "../../src/ha/clock-offset.js";

test("the probe with the smallest round trip wins", async () => {
  let now_ms = 0;
  const trips = [40, 90, 12, 60, 4, 30, 8, 200];
  let asked = 0;
  const ask = () => {
    const trip_ms = trips[asked++]!;
    // The answer is late on one side only: the worst case for the midpoint.
    const epoch_ms = 1_000_000 + now_ms;
    now_ms += trip_ms;
    return Promise.resolve(epoch_ms);
  };
  const { offset_ms, round_trip_ms } = await measureOffset(ask, () => now_ms);
  expect(asked).toBe(8);
  expect(round_trip_ms).toBe(4);
  expect(Math.abs(offset_ms - 1_000_000)).toBeLessThanOrEqual(2);
});
