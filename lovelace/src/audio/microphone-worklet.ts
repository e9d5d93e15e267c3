/** Runs on the audio thread, so that a busy page loses no sound; build.mjs packs it into the loader as text. */

import { FrameMaker } from "./frames.js";

// The audio thread's names, which TypeScript's DOM library does not know.
declare const sampleRate: number;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void;

class MicrophoneProcessor extends AudioWorkletProcessor {
  private readonly _maker = new FrameMaker(sampleRate);

  process([input]: Float32Array[][]): boolean {
    const channel = input?.[0];
    if (channel)
      for (const frame of this._maker.push(channel))
        this.port.postMessage(frame, [frame.pcm.buffer]);
    return true;
  }
}

registerProcessor("waifu-rt3d-microphone", MicrophoneProcessor);
