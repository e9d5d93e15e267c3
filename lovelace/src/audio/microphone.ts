/** The page's microphone: open while somebody speaks, warm for a moment after, then closed. */

import { type Barrier, barrierOf, missingMicrophone } from "./access.js";
import type { Frame } from "./frames.js";
import { audioContext } from "./output.js";

/** The audio thread's program; build.mjs puts its text here. */
declare const MICROPHONE_WORKLET: string;

const PROCESSOR = "waifu-rt3d-microphone";
/** A second word follows soon after the first; opening anew takes up to 600 ms on a tablet. */
const WARM_MS = 10_000;
const CONSTRAINTS: MediaStreamConstraints = {
  audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 },
};

/** Why there is no sound from the microphone. */
export class MicrophoneError extends Error {
  override name = "MicrophoneError";

  constructor(readonly barrier: Barrier) {
    super(barrier);
  }
}

/** The program may be registered only once in a context. */
const prepared = new WeakMap<AudioContext, Promise<void>>();

export class Microphone {
  private _stream: MediaStream | null = null;
  private _nodes: AudioNode[] = [];
  private _onFrame: ((frame: Frame) => void) | null = null;
  private _onLost: (() => void) | null = null;
  private _closing: ReturnType<typeof setTimeout> | null = null;
  private _opening: Promise<void> | null = null;

  /** Tell whether the device is open, whoever listens. */
  get open(): boolean {
    return this._stream !== null;
  }

  /** Give every frame from now on; must begin inside a touch or a key press. */
  async listen(onFrame: (frame: Frame) => void, onLost: () => void): Promise<void> {
    if (this._closing) clearTimeout(this._closing);
    this._closing = null;
    [this._onFrame, this._onLost] = [onFrame, onLost];
    if (this._stream) return;
    const opening = (this._opening ??= this._start());
    try {
      await opening;
    } finally {
      if (this._opening === opening) this._opening = null;
    }
    // Whoever let go of the button meanwhile must not find it open.
    this._restUnlessWanted();
  }

  /** Listen no longer; the device closes a little later. */
  rest(): void {
    [this._onFrame, this._onLost] = [null, null];
    this._restUnlessWanted();
  }

  /** Close the device at once. */
  close(): void {
    if (this._closing) clearTimeout(this._closing);
    this._closing = null;
    [this._onFrame, this._onLost] = [null, null];
    for (const track of this._stream?.getTracks() ?? []) track.stop();
    for (const node of this._nodes) node.disconnect();
    [this._stream, this._nodes] = [null, []];
  }

  private _restUnlessWanted(): void {
    if (this._onFrame || !this._stream) return;
    if (this._closing) clearTimeout(this._closing);
    this._closing = setTimeout(() => this.close(), WARM_MS);
  }

  private async _start(): Promise<void> {
    const barrier = missingMicrophone();
    if (barrier) throw new MicrophoneError(barrier);
    const context = audioContext();
    // A context that never ran would swallow the sound; this call is still inside the touch.
    void context.resume();
    let stream: MediaStream;
    try {
      [stream] = await Promise.all([
        navigator.mediaDevices.getUserMedia(CONSTRAINTS),
        prepare(context),
      ]);
    } catch (error) {
      throw new MicrophoneError(barrierOf(error));
    }
    this._stream = stream;
    this._connect(context, stream);
  }

  private _connect(context: AudioContext, stream: MediaStream): void {
    const source = context.createMediaStreamSource(stream);
    const worklet = new AudioWorkletNode(context, PROCESSOR, { numberOfOutputs: 0 });
    worklet.port.onmessage = ({ data }: MessageEvent<Frame>) => this._onFrame?.(data);
    source.connect(worklet);
    this._nodes = [source, worklet];
    // Somebody pulls the plug, or a phone call takes the microphone.
    for (const track of stream.getTracks())
      track.onended = () => {
        const lost = this._onLost;
        this.close();
        lost?.();
      };
  }
}

/** Load the audio thread's program. */
function prepare(context: AudioContext): Promise<void> {
  let loading = prepared.get(context);
  if (!loading) {
    const url = URL.createObjectURL(new Blob([MICROPHONE_WORKLET], { type: "text/javascript" }));
    loading = context.audioWorklet.addModule(url).finally(() => URL.revokeObjectURL(url));
    loading.catch(() => prepared.delete(context));
    prepared.set(context, loading);
  }
  return loading;
}
