/** The turns on this page, built from envelopes; a pure state that the interface draws. */

import { Timeline } from "../director/timeline.js";
import type { StoredMessage } from "./history.js";
import type {
  ConfirmData,
  Memory,
  Origin,
  Receipt,
  TextData,
  ToolUse,
  TurnEnvelope,
  TurnState,
} from "./messages.js";

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
  /** What waits for a yes since this turn. */
  confirm: ConfirmData | null;
  /** When it was said (ms since 1970). */
  at_ms: number;
  /** The room in which it is held, where that is known. */
  area: string | null;
  problem_id: string | null;
  receipt: Receipt | null;
  tools: ToolUse[];
  /** How many tools were used, also where they are not here yet. */
  tool_count: number;
  touched: string[];
  recalled: Memory[];
  /** The stored answer that this turn only speaks once more; such a turn is not shown. */
  again_of: number | null;
  /** Counts changes, so that what did not change is not drawn anew. */
  revision: number;
  /** What the memory keeps of it; null until it is stored. */
  question: StoredMessage | null;
  answer: StoredMessage | null;
}

const KEPT_TURNS = 200;

export class Conversation {
  private _turns = new Map<string, Turn>();
  /** More than that is let go; whoever reads further back keeps what is read. */
  private _kept = KEPT_TURNS;

  /** Give the turns that are shown. */
  get turns(): Turn[] {
    return this._all.filter(({ again_of }) => again_of === null);
  }

  private get _all(): Turn[] {
    return [...this._turns.values()];
  }

  /** Give the newest turn that is not over yet. */
  get running(): Turn | null {
    return this._all.reverse().find((turn) => turn.state !== "heard") ?? null;
  }

  get latest(): Turn | null {
    return this.turns.pop() ?? null;
  }

  turn(id: string): Turn | null {
    return this._turns.get(id) ?? null;
  }

  /** Take one envelope in; gives the turn that it changed. */
  apply({ turn_id, kind, data }: TurnEnvelope): Turn {
    const turn = this._turns.get(turn_id) ?? this._begin(turn_id);
    turn.revision++;
    switch (kind) {
      case "turn":
        turn.state = data.state;
        turn.origin = data.origin;
        turn.character = data.character;
        turn.session_id = data.session_id;
        turn.error = data.error ?? turn.error;
        turn.cut_ms = data.cut_ms ?? turn.cut_ms;
        turn.area = data.area ?? null;
        turn.problem_id = data.problem_id ?? turn.problem_id;
        turn.again_of = data.again_of ?? null;
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
      case "confirm":
        turn.confirm = data;
        break;
      case "receipt":
        turn.receipt = data;
        break;
      case "tool":
        turn.tools.push(data);
        turn.tool_count = turn.tools.length;
        break;
      case "touched":
        turn.touched = data.entities;
        break;
      case "recalled":
        turn.recalled = data.memories;
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

  /** Show what the memory keeps; what runs or is not stored yet stays behind it. */
  restore(messages: readonly StoredMessage[]): void {
    const live = this._turns;
    this._turns = this._before(messages[0]);
    for (const [id, pair] of exchangesOf(messages)) {
      const turn = live.get(id);
      if (turn && isWhole(turn, pair)) this._turns.set(id, keep(turn, pair));
      else fill(this._begin(id), pair);
      live.delete(id);
    }
    for (const [id, turn] of live) if (!turn.question && !turn.answer) this._turns.set(id, turn);
  }

  /** Put what was said earlier before what is shown. */
  prepend(messages: readonly StoredMessage[]): void {
    const shown = this._turns;
    this._turns = new Map();
    this._kept = Math.max(this._kept, shown.size + messages.length);
    for (const [id, pair] of exchangesOf(messages)) if (!shown.has(id)) fill(this._begin(id), pair);
    for (const [id, turn] of shown) this._turns.set(id, turn);
  }

  /** Give the turn of a stored answer. */
  ofAnswer(message_id: number): Turn | null {
    return this._all.find(({ answer }) => answer?.id === message_id) ?? null;
  }

  /** Take away a turn and what followed: it is asked or answered anew. */
  cutFrom(turn_id: string): void {
    const ids = [...this._turns.keys()];
    const from = ids.indexOf(turn_id);
    if (from >= 0) for (const id of ids.slice(from)) this._turns.delete(id);
  }

  clear(): void {
    this._turns.clear();
    this._kept = KEPT_TURNS;
  }

  /** Close what was running when the connection broke for good. */
  endAll(): void {
    for (const turn of this._turns.values()) {
      if (turn.state !== "heard") turn.revision++;
      turn.state = "heard";
    }
  }

  /** Give what is shown of the way down to a message: it was loaded before and is still true. */
  private _before(first: StoredMessage | undefined): Map<string, Turn> {
    const shown = [...this._turns];
    const parent = first?.parent_id ?? null;
    const last = shown.findIndex(
      ([, { question, answer }]) => parent !== null && (answer ?? question)?.id === parent,
    );
    return new Map(shown.slice(0, last + 1));
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
      confirm: null,
      at_ms: Date.now(),
      area: null,
      problem_id: null,
      receipt: null,
      tools: [],
      tool_count: 0,
      touched: [],
      recalled: [],
      again_of: null,
      revision: 0,
      question: null,
      answer: null,
    };
    this._turns.set(id, turn);
    for (const old of this._turns.keys()) {
      if (this._turns.size <= this._kept) break;
      this._turns.delete(old);
    }
    return turn;
  }
}

type Exchange = Pick<Turn, "question" | "answer">;

/** Put each answer behind its question; an answer names the turn, because a question may have several. */
function exchangesOf(messages: readonly StoredMessage[]): Map<string, Exchange> {
  const pairs: Exchange[] = [];
  for (const message of messages) {
    const last = pairs[pairs.length - 1];
    if (message.role === "user") pairs.push({ question: message, answer: null });
    else if (message.role !== "assistant") continue;
    else if (last && !last.answer) last.answer = message;
    else pairs.push({ question: null, answer: message });
  }
  return new Map(
    pairs.map((pair) => {
      const { turn_id, id } = (pair.answer ?? pair.question)!;
      return [turn_id ?? `message-${id}`, pair];
    }),
  );
}

/** Tell whether a turn was followed from its beginning; of one that began before this page only its end was told. */
function isWhole(turn: Turn, { question, answer }: Exchange): boolean {
  if (turn.state !== "heard") return true;
  return (!question || turn.heard !== "") && (!answer?.display || turn.pieces[0]?.offset === 0);
}

/** Take what the memory knows of a turn that is here already; the same again changes nothing. */
function keep(turn: Turn, pair: Exchange): Turn {
  const same = (old: StoredMessage | null, now: StoredMessage | null) =>
    old?.id === now?.id && old?.alternatives.length === now?.alternatives.length;
  if (!same(turn.question, pair.question) || !same(turn.answer, pair.answer)) turn.revision++;
  return Object.assign(turn, pair);
}

/** Make a stored exchange look as it did when it was live. */
function fill(turn: Turn, { question, answer }: Exchange): void {
  const shown = answer?.display ?? "";
  Object.assign(turn, {
    question,
    answer,
    state: "heard",
    session_id: (answer ?? question)?.session_id ?? null,
    heard: question?.display ?? "",
    heard_final: true,
    pieces: shown ? [{ display: shown, speech: shown, offset: 0 }] : [],
    receipt: answer?.receipt ?? null,
    touched: answer?.touched ?? [],
    tool_count: answer?.tools ?? 0,
    cut_ms: answer?.cut_ms ?? null,
    cancelled: answer && answer.cut_ms !== null ? "user" : null,
    at_ms: (question ?? answer)?.created_ms ?? 0,
  });
}

/** Join what is shown of a reply. */
export function displayOf(turn: Turn): string {
  return turn.pieces.map((piece) => piece.display).join("");
}

/** Join what is spoken of a reply. */
export function speechOf(turn: Turn): string {
  return turn.pieces.map((piece) => piece.speech).join("");
}
