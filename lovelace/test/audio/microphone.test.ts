import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Microphone } from "../../src/audio/microphone.js";

const getUserMedia = vi.fn();
const track = { stop: vi.fn(), onended: null as (() => void) | null };

class Node {
  port = { onmessage: null };
  connect(): void {}
  disconnect(): void {}
}

class Context {
  audioWorklet = { addModule: () => Promise.resolve() };
  resume = () => Promise.resolve();
  createMediaStreamSource = () => new Node();
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.clearAllMocks();
  getUserMedia.mockResolvedValue({ getTracks: () => [track] });
  vi.stubGlobal("window", { isSecureContext: true });
  vi.stubGlobal("document", {});
  vi.stubGlobal("navigator", { mediaDevices: { getUserMedia } });
  vi.stubGlobal("AudioContext", Context);
  vi.stubGlobal("AudioWorkletNode", Node);
  vi.stubGlobal("MICROPHONE_WORKLET", "");
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("the microphone", () => {
  test("is opened with echo cancelling, noise suppression and gain", async () => {
    await new Microphone().listen(vi.fn(), vi.fn());
    expect(getUserMedia).toHaveBeenCalledWith({
      audio: {
        echoCancellation: true,
        noiseSuppression: true,
        autoGainControl: true,
        channelCount: 1,
      },
    });
  });

  test("stays warm for ten seconds after a turn, and is closed then", async () => {
    const microphone = new Microphone();
    await microphone.listen(vi.fn(), vi.fn());
    microphone.rest();
    await vi.advanceTimersByTimeAsync(9_900);
    expect(microphone.open).toBe(true);
    await vi.advanceTimersByTimeAsync(200);
    expect(microphone.open).toBe(false);
    expect(track.stop).toHaveBeenCalledOnce();
  });

  test("that is unplugged says so", async () => {
    const lost = vi.fn();
    const microphone = new Microphone();
    await microphone.listen(vi.fn(), lost);
    track.onended!();
    expect(lost).toHaveBeenCalledOnce();
    expect(microphone.open).toBe(false);
  });
});
