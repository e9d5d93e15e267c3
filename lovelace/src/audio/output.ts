/** The page's one AudioContext: browsers let it sound only after a touch, so the first touch unlocks it. */

let context: AudioContext | null = null;
const GESTURES = ["pointerdown", "keydown", "touchend"] as const;

/** Give the page's AudioContext. */
export function audioContext(): AudioContext {
  context ??= new AudioContext({ latencyHint: "interactive" });
  return context;
}

/** Tell whether sound can be heard now. */
export function soundUnlocked(): boolean {
  return context?.state === "running";
}

/** Unlock the sound with the first touch or key anywhere in the page. */
export function unlockOnFirstTouch(onUnlock: () => void): () => void {
  const unlock = () => void unlockSound().then((running) => running && (stop(), onUnlock()));
  const stop = () => GESTURES.forEach((name) => removeEventListener(name, unlock, true));
  GESTURES.forEach((name) => addEventListener(name, unlock, { capture: true, passive: true }));
  return stop;
}

/** Start the context; must run inside a touch or a key press (iOS refuses it later). */
export async function unlockSound(): Promise<boolean> {
  const output = audioContext();
  if (output.state !== "running") {
    const silence = output.createBufferSource();
    silence.buffer = output.createBuffer(1, 1, output.sampleRate);
    silence.connect(output.destination);
    silence.start();
    await output.resume();
  }
  return soundUnlocked();
}

/** Give the time on the context's clock of the sound that leaves the loudspeaker now, in seconds. */
export function heardTime(output: AudioContext, now_ms = performance.now()): number {
  const stamp = output.getOutputTimestamp?.();
  if (stamp?.contextTime && stamp.performanceTime)
    return stamp.contextTime + (now_ms - stamp.performanceTime) / 1000;
  return output.currentTime - (output.outputLatency || output.baseLatency || 0);
}
