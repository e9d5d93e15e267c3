import { afterEach, expect, test, vi } from "vitest";

interface Frame {
  pcm: Int16Array;
}
interface Processor {
  process: (inputs: Float32Array[][]) => boolean;
}

afterEach(() => {
  vi.unstubAllGlobals();
});

test("the audio thread makes frames of what it hears, and stays when it hears nothing", async () => {
  const posted: Frame[] = [];
  const made: (new () => Processor)[] = [];
  vi.stubGlobal("sampleRate", 48_000);
  vi.stubGlobal(
    "AudioWorkletProcessor",
    class {
      readonly port = { postMessage: (frame: Frame) => posted.push(frame) };
    },
  );
  vi.stubGlobal("registerProcessor", (name: string, processor: new () => Processor) => {
    expect(name).toBe("waifu-rt3d-microphone");
    made.push(processor);
  });
  await import("../../src/audio/microphone-worklet.js");
  const processor = new made[0]!();
  expect(processor.process([])).toBe(true);
  expect(processor.process([[]])).toBe(true);
  expect(posted).toEqual([]);
  for (let block = 0; block < 375; block++) processor.process([[new Float32Array(128).fill(0.5)]]);
  const samples = posted.reduce((sum, { pcm }) => sum + pcm.length, 0);
  // A second of 48 kHz is a second of 16 kHz, but for the frame that is not full yet.
  expect(samples).toBeGreaterThan(15_000);
  expect(samples).toBeLessThanOrEqual(16_000);
  expect(posted[5]!.pcm[10]).toBeCloseTo(0.5 * 32_767, -3);
});
