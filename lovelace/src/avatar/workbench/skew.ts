/** Measure sound against picture: the weight that is written and the sample that is heard. */

import { heardTime, audioContext, unlockSound } from "../../audio/output.js";
import { WavPlayer } from "../../audio/player.js";
import {
  MOUTH_LEAD_MS,
  mouthOf,
  Timeline,
  type TimelineDocument,
  weightsAt,
} from "../../director/index.js";

/** The sound is a ramp whose level tells the place: 0.05 at the start and so much more each ms. */
export interface Ramp {
  start: number;
  rise_per_ms: number;
}

const TAP = `registerProcessor("tap", class extends AudioWorkletProcessor {
  process([input]) {
    const samples = input[0];
    if (samples && samples[0] > 0.01) this.port.postMessage([currentFrame, samples[0]]);
    return true;
  }
});`;

/** Play the ramp, move a flat mouth by its clock, and tell how far the mouth was from the sound. */
async function skew(url: string, ramp: Ramp, documents: TimelineDocument[]) {
  await unlockSound();
  const output = audioContext();
  const places: [at_s: number, audio_ms: number][] = [];
  const tap = await listen(output, ([at_frame, level]) =>
    places.push([at_frame / output.sampleRate, (level - ramp.start) / ramp.rise_per_ms]),
  );
  const undo = tapOutput(tap);
  const patch = document.body.appendChild(document.createElement("div"));
  patch.style.cssText = "width:120px;height:120px;background:#c33;transform-origin:top";
  const timeline = Timeline.of(documents);
  const sound = { over: false };
  const player = new WavPlayer(url, (state) => (sound.over = state !== "started"));
  const written: { context_s: number; mouth_ms: number; now_ms: number }[] = [];
  const played = player.play();
  while (!sound.over) {
    const now_ms = await new Promise<number>(requestAnimationFrame);
    const audio_ms = player.audioMs(now_ms);
    if (audio_ms === null) continue;
    const mouth = mouthOf(weightsAt(timeline, audio_ms + MOUTH_LEAD_MS));
    const open = Object.values(mouth).reduce((sum, weight) => sum + weight, 0);
    patch.style.transform = `scaleY(${0.1 + open})`;
    const at_ms = performance.now();
    written.push({ context_s: heardTime(output, at_ms), mouth_ms: audio_ms, now_ms: at_ms });
  }
  await played;
  undo();
  const errors_ms = written.flatMap(({ context_s, mouth_ms }) => {
    const heard_ms = placeAt(places, context_s);
    return heard_ms === null ? [] : [mouth_ms - heard_ms];
  });
  const span_s = (written[written.length - 1]!.now_ms - written[0]!.now_ms) / 1000;
  return { errors_ms, fps: (written.length - 1) / span_s, latency_ms: output.outputLatency * 1000 };
}

/** Give the place in the sound at a time of the context, from what the tap has heard. */
function placeAt(places: readonly [number, number][], at_s: number): number | null {
  const index = places.findIndex(([time_s]) => time_s > at_s);
  const before = places[index - 1];
  const after = places[index];
  if (!before || !after || after[0] - before[0] > 0.01) return null;
  return before[1] + ((after[1] - before[1]) * (at_s - before[0])) / (after[0] - before[0]);
}

/** Make a node that reports the first sample of each block. */
async function listen(output: AudioContext, hear: (block: [number, number]) => void) {
  const url = URL.createObjectURL(new Blob([TAP], { type: "text/javascript" }));
  await output.audioWorklet.addModule(url);
  const tap = new AudioWorkletNode(output, "tap", { numberOfOutputs: 0 });
  tap.port.onmessage = ({ data }) => hear(data as [number, number]);
  return tap;
}

/** Lead all that goes to the loudspeaker through the tap as well. */
function tapOutput(tap: AudioNode): () => void {
  const connect = Reflect.get(AudioNode.prototype, "connect") as (to: AudioNode) => AudioNode;
  AudioNode.prototype.connect = function (this: AudioNode, to: AudioNode) {
    if (to instanceof AudioDestinationNode) connect.call(this, tap);
    return connect.call(this, to);
  } as typeof AudioNode.prototype.connect;
  return () => (AudioNode.prototype.connect = connect as typeof AudioNode.prototype.connect);
}

declare global {
  interface Window {
    measureSkew: typeof skew;
  }
}
window.measureSkew = skew;
