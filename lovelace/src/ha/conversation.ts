/** The turns on this page, built from envelopes; a pure state that the interface draws. */

import { Timeline } from "../director/index.js";
import type { Envelope, Origin, TextData, TurnState } from "./messages.js";

export interface Turn {
  id: string;
  state: TurnState;
  origin: Origin;
  character: string | null;
  session_id: string | null;
  /** What the person said, and whether the recogniser is done with it. */
  heard: string;
  heard_final: boolean;
  pieces: TextData[];
  timeline: Timeline;
  cancelled: string | null;
  error: string | null;
  cut_ms: number | null;
}

const KEPT_TURNS = 200;

export class Conversation {
  private readonly _turns = new Map<string, Turn>();

  get turns(): Turn[] {
    return [...this._turns.values()];
  }

  /** Give the newest turn that is not over yet. */
  get running(): Turn | null {
    return this.turns.reverse().find((turn) => turn.state !== "heard") ?? null;
  }

  get latest(): Turn | null {
    return this.turns.pop() ?? null;
  }

  turn(id: string): Turn | null {
    return this._turns.get(id) ?? null;
  }

  /** Take one envelope in; gives the turn that it changed. */
  apply({ turn_id, kind, data }: Envelope): Turn {
    const turn = this._turns.get(turn_id) ?? this._begin(turn_id);
    switch (kind) {
      case "turn":
        turn.state = data.state;
        turn.origin = data.origin;
        turn.character = data.character;
        turn.session_id = data.session_id;
        turn.error = data.error ?? turn.error;
        turn.cut_ms = data.cut_ms ?? turn.cut_ms;
        break;
      case "heard":
        turn.heard = data.text;
        turn.heard_final = data.final;
        break;
      case "text":
        turn.pieces.push(data);
        break;
      case "timeline":
        turn.timeline.add(data);
        break;
      case "cancel":
        turn.cancelled = data.reason;
        break;
      case "audio":
      case "clock":
        break; // Sound and clock belong to the performance.
    }
    return turn;
  }

  /** Show a typed text at once, before Home Assistant has answered. */
  begin(turn_id: string, text: string, session_id: string): Turn {
    const turn = this._turns.get(turn_id) ?? this._begin(turn_id);
    turn.session_id = session_id;
    if (!turn.heard) [turn.heard, turn.heard_final] = [text, true];
    return turn;
  }

  /** Show that the house listens, before its own word has come. */
  listen(turn_id: string, session_id: string): void {
    if (this._turns.has(turn_id)) return;
    const turn = this._begin(turn_id);
    [turn.state, turn.session_id] = ["listening", session_id];
  }

  /** Close what was running when the connection broke for good. */
  endAll(): void {
    for (const turn of this._turns.values()) turn.state = "heard";
  }

  private _begin(id: string): Turn {
    const turn: Turn = {
      id,
      state: "thinking",
      origin: "card",
      character: null,
      session_id: null,
      heard: "",
      heard_final: false,
      pieces: [],
      timeline: new Timeline(),
      cancelled: null,
      error: null,
      cut_ms: null,
    };
    this._turns.set(id, turn);
    for (const old of this._turns.keys()) {
      if (this._turns.size <= KEPT_TURNS) break;
      this._turns.delete(old);
    }
    return turn;
  }
}

/** Join what is shown of a reply. */
export function displayOf(turn: Turn): string {
  return turn.pieces.map((piece) => piece.display).join("");
}

/** Join what is spoken of a reply. */
export function speechOf(turn: Turn): string {
  return turn.pieces.map((piece) => piece.speech).join("");
}
