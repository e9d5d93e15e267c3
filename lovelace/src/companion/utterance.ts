/** What a person says in one go: sound that waits until the house listens, then flows. */

import type { Frame } from "../audio/frames.js";
import { FRAME_MS } from "../audio/frames.js";
import type { ListenOptions, Listened } from "../ha/client.js";

const LONGEST_FRAMES = 30_000 / FRAME_MS;

export interface House {
  listen(options: ListenOptions & { hold: boolean; check?: boolean }): Promise<Listened>;
  /** Send a frame, or without one the end. */
  sendFrame(handler_id: number, pcm?: Int16Array<ArrayBuffer>): void;
}

export class Utterance {
  turn_id: string | null = null;
  /** Whether the house was asked to listen. */
  begun = false;
  private _handler_id: number | null = null;
  private _state: "open" | "finished" | "over" = "open";

  constructor(
    private readonly _house: House,
    private _waiting: Frame[] = [],
  ) {}

  /** Take the next sound. */
  add(frame: Frame): void {
    if (this._state !== "open" || this._waiting.length >= LONGEST_FRAMES) return;
    this._waiting.push(frame);
    this._flush();
  }

  /** Ask the house to listen; gives the turn, null when it was dropped meanwhile. */
  async begin(
    options: ListenOptions & { check?: boolean },
    hold: boolean,
  ): Promise<Listened | null> {
    this.begun = true;
    const listened = await this._house.listen({ ...options, hold });
    this.turn_id = listened.turn_id;
    this._handler_id = listened.handler_id;
    if (this._state === "over") return null;
    this._flush();
    return listened;
  }

  /** Say that nothing follows. */
  finish(): void {
    if (this._state === "open") this._state = "finished";
    this._flush();
  }

  /** Send no more: the house has ended the listening, or nobody wants it to be heard. */
  end(): void {
    this._state = "over";
    this._waiting = [];
  }

  private _flush(): void {
    if (this._handler_id === null || this._state === "over") return;
    for (const { pcm } of this._waiting.splice(0)) this._house.sendFrame(this._handler_id, pcm);
    if (this._state !== "finished") return;
    this._house.sendFrame(this._handler_id);
    this._state = "over";
  }
}
