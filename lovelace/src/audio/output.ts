/** The page's one AudioContext: browsers let it sound only after a touch, so the first touch unlocks it. */

let context: AudioContext | null = null;
const RESUME_MS = 400;
/** A stamp further ahead is on no clock of ours: WebKitGTK adds the time of the context to it. */
const AHEAD_MS = 100;
const GESTURES = ["pointerdown", "keydown", "touchend"] as const;

/** Give the page's AudioContext. */
export function audioContext(): AudioContext {
  context ??= new AudioContext({ latencyHint: "interactive" });
  return context;
}

/** Tell whether this browser can play a stream on an exact clock at all. */
export function hasSound(): boolean {
  return typeof AudioContext !== "undefined";
}

/** Tell whether this browser says when a sample is heard; without it the lips run ahead by what the loudspeaker takes. */
export function tellsHeardTime(): boolean {
  return (
    "getOutputTimestamp" in AudioContext.prototype || "outputLatency" in AudioContext.prototype
  );
}

/** Tell whether sound can be heard now. */
export function soundUnlocked(): boolean {
  return context?.state === "running";
}

/** Unlock the sound with the first touch or key anywhere in the page. */
export function unlockOnFirstTouch(onUnlock: () => void): () => void {
  const stop = () => {
    for (const name of GESTURES) removeEventListener(name, unlock, true);
  };
  const unlock = () => {
    void unlockSound().then((running) => {
      if (!running) return;
      stop();
      onUnlock();
    });
  };
  for (const name of GESTURES) addEventListener(name, unlock, { capture: true, passive: true });
  return stop;
}

/** Start the context; must run inside a touch or a key press (iOS refuses it later). */
export async function unlockSound(): Promise<boolean> {
  if (!hasSound()) return false;
  const output = audioContext();
  if (output.state !== "running") {
    const silence = output.createBufferSource();
    silence.buffer = output.createBuffer(1, 1, output.sampleRate);
    silence.connect(output.destination);
    silence.start();
    // Outside a touch the promise stays open for ever, so the state is asked after a moment.
    await Promise.race([output.resume(), new Promise((done) => setTimeout(done, RESUME_MS))]);
  }
  return soundUnlocked();
}

/** Give the time on the context's clock of the sound that leaves the loudspeaker now, in seconds. */
export function heardTime(output: AudioContext, now_ms = performance.now()): number {
  // Firefox on Android has no output timestamp, whatever the types say.
  const stamp = "getOutputTimestamp" in output ? output.getOutputTimestamp() : null;
  const ahead_ms = (stamp?.performanceTime ?? 0) - performance.now();
  if (stamp?.contextTime && stamp.performanceTime && ahead_ms < AHEAD_MS)
    return stamp.contextTime + (now_ms - stamp.performanceTime) / 1000;
  return output.currentTime - (output.outputLatency || output.baseLatency || 0);
}
