import { expect, test, vi } from "vitest";
import { heardTime } from "../../src/audio/output.js";

/** A context as a browser has it, `stamp` being what its loudspeaker says. */
const context = (stamp: AudioTimestamp) =>
  ({
    currentTime: 3.7,
    outputLatency: 0.1,
    baseLatency: 0.003,
    getOutputTimestamp: () => stamp,
  }) as unknown as AudioContext;

test("what is heard now follows the loudspeaker's stamp", () => {
  vi.spyOn(performance, "now").mockReturnValue(4700);
  const heard_s = heardTime(context({ contextTime: 3.5, performanceTime: 4680 }), 4700);
  expect(heard_s).toBeCloseTo(3.52);
});

test("a stamp of the future is not believed: the context's own time less its latency is", () => {
  vi.spyOn(performance, "now").mockReturnValue(4738);
  // As WebKitGTK 2.50 gives it: the page's time and the context's added.
  const heard_s = heardTime(context({ contextTime: 3.68, performanceTime: 8418 }), 4738);
  expect(heard_s).toBeCloseTo(3.6);
});
