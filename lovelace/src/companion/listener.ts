/** From a pressed button to a turn that listens: microphone, utterances, and who ends them. */

import type { Barrier } from "../audio/access.js";
import { FRAME_MS, type Frame } from "../audio/frames.js";
import { VoiceGate } from "../audio/gate.js";
import { Microphone, MicrophoneError } from "../audio/microphone.js";
import type { ListenOptions } from "../ha/client.js";
import { type House, Utterance } from "./utterance.js";

/** `armed`: the microphone is open between two turns of a hands-free talk. */
export type Listening = "off" | "opening" | "recording" | "armed";

/** A longer press is a held button: letting it go ends the speech. */
const HOLD_AFTER_MS = 350;
const PRE_ROLL_FRAMES = 1000 / FRAME_MS;
/** A hands-free talk in which nobody says anything ends. */
const QUIET_MS = 10_000;

export interface ListenerEvents {
  onChange: () => void;
  onTurn: (turn_id: string, session_id: string, check: boolean) => void;
  /** Home Assistant did not want to listen. */
  onRefused: () => void;
  /** The microphone can't be had. */
  onDeaf: () => void;
  /** Stop what she says or thinks: somebody speaks. */
  interrupt: () => void;
  cancel: (turn_id: string) => void;
  /** Tell whether she speaks, and whether she is busy at all. */
  speaking: () => boolean;
  busy: () => boolean;
}

/** How a talk is held. */
export interface TalkOptions extends ListenOptions {
  hands_free?: boolean;
  /** The person sees the words before they are sent. */
  check?: boolean;
}

export type Ears = Pick<Microphone, "listen" | "rest" | "close">;

export class Listener {
  state: Listening = "off";
  /** Loudness of the last frame, 0…1; not announced, whoever draws it asks. */
  level = 0;
  barrier: Barrier | null = null;
  /** The person holds the button, so that letting go ends the speech. */
  held = false;

  private _options: TalkOptions = {};
  private _utterance: Utterance | null = null;
  private _before: Frame[] = [];
  private _deciding: ReturnType<typeof setTimeout> | null = null;
  private _quiet_ms = 0;
  private readonly _gate = new VoiceGate();

  constructor(
    private readonly _house: House,
    private readonly _events: ListenerEvents,
    private readonly _ears: Ears = new Microphone(),
  ) {}

  /** Begin to listen, inside a touch or a key press; a release soon after makes it a tap. */
  press(options: TalkOptions): void {
    if (this.state === "opening") return;
    if (this.state === "recording") {
      this.finish();
      return;
    }
    this._events.interrupt();
    this._options = options;
    this.barrier = null;
    this._deciding = setTimeout(() => this._decide(true), HOLD_AFTER_MS);
    const utterance = (this._utterance = new Utterance(this._house));
    if (this.state === "armed") {
      this._change("recording");
      return;
    }
    this._change("opening");
    void this._open(utterance);
  }

  /** Let go: a long press ends the speech, a short one goes on until the speech ends by itself. */
  release(): void {
    if (this._deciding) this._decide(false);
    else if (this.held) this.finish();
  }

  /** Say that the person has finished. */
  finish(): void {
    // A button held and let go before the device was open has heard nothing.
    if (this.state !== "recording") {
      this.abandon();
      return;
    }
    this._utterance?.finish();
    this._rest();
  }

  /** Drop what was said, and end a hands-free talk. */
  abandon(): void {
    const utterance = this.state === "recording" ? this._utterance : null;
    this._stop();
    utterance?.end();
    if (utterance?.turn_id) this._events.cancel(utterance.turn_id);
  }

  /** The house listens no longer: it has the words, or has lost them. */
  heard(turn_id: string): void {
    if (this.state !== "recording" || turn_id !== this._utterance?.turn_id) return;
    this._utterance.end();
    this._rest();
  }

  /** Forget why the microphone failed. */
  forgive(): void {
    this.barrier = null;
    this._events.onChange();
  }

  /** Close the device at once: the page is left, or the connection is lost. */
  close(): void {
    if (this.state !== "off") this.abandon();
    this._ears.close();
  }

  private async _open(utterance: Utterance): Promise<void> {
    try {
      await this._ears.listen(
        (frame) => this._take(frame),
        () => this._fail("busy"),
      );
    } catch (error) {
      if (utterance !== this._utterance) return;
      this._fail(error instanceof MicrophoneError ? error.barrier : "failed");
    }
  }

  private _fail(barrier: Barrier): void {
    this.abandon();
    this.barrier = barrier;
    this._events.onDeaf();
    this._events.onChange();
  }

  /** Know whether the button is held or was tapped. */
  private _decide(hold: boolean): void {
    if (this._deciding) clearTimeout(this._deciding);
    this._deciding = null;
    this.held = hold;
    if (this.state === "recording") void this._begin();
    this._events.onChange();
  }

  private _take(frame: Frame): void {
    this.level = frame.level;
    if (this.state === "armed") {
      this._await(frame);
      return;
    }
    this._utterance?.add(frame);
    if (this.state !== "opening") return;
    // Only now is something recorded: the light must not be on before.
    this._change("recording");
    if (!this._deciding) void this._begin();
  }

  /** Wait for a voice between two turns; a second before it is kept, else the first word is cut. */
  private _await(frame: Frame): void {
    this._before = [...this._before.slice(1 - PRE_ROLL_FRAMES), frame];
    if (this._gate.push(frame.level, FRAME_MS, this._events.speaking())) {
      this._events.interrupt();
      this.held = false;
      this._utterance = new Utterance(this._house, this._before);
      this._before = [];
      this._change("recording");
      void this._begin();
      return;
    }
    this._quiet_ms = this._events.busy() ? 0 : this._quiet_ms + FRAME_MS;
    if (this._quiet_ms >= QUIET_MS) this._stop();
  }

  /** Ask the house to listen; what is said meanwhile waits in the utterance. */
  private async _begin(): Promise<void> {
    const utterance = this._utterance;
    if (!utterance || utterance.begun) return;
    const { hands_free: _, ...options } = this._options;
    try {
      const listened = await utterance.begin(options, this.held);
      if (listened)
        this._events.onTurn(listened.turn_id, listened.session_id, options.check ?? false);
      else if (utterance.turn_id) this._events.cancel(utterance.turn_id);
    } catch {
      if (utterance !== this._utterance) return;
      this._stop();
      this._events.onRefused();
    }
  }

  /** Record no longer; a hands-free talk waits for the next word. */
  private _rest(): void {
    if (!this._options.hands_free) {
      this._stop();
      return;
    }
    this._gate.reset();
    this._quiet_ms = 0;
    this._change("armed");
  }

  private _stop(): void {
    if (this._deciding) clearTimeout(this._deciding);
    this._deciding = null;
    this._utterance = null;
    this._before = [];
    this.held = false;
    this.level = 0;
    this._ears.rest();
    this._change("off");
  }

  private _change(state: Listening): void {
    this.state = state;
    this._events.onChange();
  }
}
