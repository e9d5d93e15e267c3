/** The messages of docs/contracts.md §6, checked as they come in. */

import type { Cue, TimelineDocument } from "../director/index.js";

export interface Character {
  id: string;
  name: string;
  avatar_url: string | null;
  /** Her mood, where Home Assistant shows it. */
  mood_entity?: string | null;
  /** Other colours than the figure was made with, by group; an older house sends none. */
  avatar_colours?: Readonly<Record<string, string>>;
  conversation_entity: string;
  pipeline: string | null;
  asleep?: boolean;
}

export type TurnState = "listening" | "thinking" | "speaking" | "heard";
export type Origin = "card" | "satellite" | "assist";

export interface TurnData {
  state: TurnState;
  character: string | null;
  session_id: string | null;
  person: string | null;
  origin: Origin;
  /** The room in which she is spoken to. */
  area?: string | null;
  /** The stored answer that this turn only speaks once more. */
  again_of?: number;
  error?: string | null;
  /** Under which the error stands in the house's log of problems. */
  problem_id?: string;
  cut_ms?: number | null;
}

export interface TextData {
  display: string;
  speech: string;
  offset: number;
}

export interface ClockData {
  audio_ms: number;
  at_epoch_ms: number;
  playing: boolean;
  precision: "reported" | "approximate";
}

/** Something that may do harm waits for the word of a person. */
export interface ConfirmData {
  question: string;
  /** What is said for yes and for no. */
  yes: string;
  no: string;
  until_epoch_ms: number;
  /** Whose word counts; null where nobody is named. */
  person: string | null;
}

/** Who helped with a reply; `inside` is null where it is not known how far it reaches. */
export interface Helper {
  name: string;
  detail: string | null;
  host: string | null;
  inside: boolean | null;
}

export interface Receipt {
  heard: Helper[];
  thought: Helper[];
  spoken: Helper[];
  done: Helper[];
  inside: boolean | null;
  called: string[];
}

export interface ToolUse {
  call_id: string;
  name: string;
  arguments: Record<string, unknown>;
  result: unknown;
  failed: boolean;
}

/** Something that was said or noted before and matters for a reply. */
export interface Memory {
  at_ms: number;
  score: number;
  words: string[];
  note: string | null;
  lines: { message_id: number; role: string; text: string }[];
}

export interface PerformData {
  character: string;
  cues: Omit<Cue, "at_ms" | "offset">[];
  asleep?: boolean;
  /** The room into which she was called. */
  area?: string;
}

export interface Timer {
  id: string;
  name: string | null;
  seconds: number;
  seconds_left: number;
  is_active: boolean;
  area: string | null;
}

/** What each kind of envelope carries. */
export interface Kinds {
  turn: TurnData;
  heard: { text: string; final: boolean };
  text: TextData;
  timeline: TimelineDocument;
  audio: { url: string; mime_type: string };
  clock: ClockData;
  cancel: { reason: string };
  perform: PerformData;
  recalled: { memories: Memory[] };
  notice: { key: string };
  tool: ToolUse;
  touched: { entities: string[] };
  receipt: Receipt;
  characters: { characters: Character[] };
  confirm: ConfirmData;
}

export type Envelope = {
  [Kind in keyof Kinds]: {
    v: number;
    seq: number;
    turn_id: string;
    kind: Kind;
    data: Kinds[Kind];
  };
}[keyof Kinds];

const KINDS: Readonly<Record<keyof Kinds, true>> = {
  turn: true,
  heard: true,
  text: true,
  timeline: true,
  audio: true,
  clock: true,
  cancel: true,
  perform: true,
  recalled: true,
  notice: true,
  tool: true,
  touched: true,
  receipt: true,
  characters: true,
  confirm: true,
};

/** What the companion takes; that characters changed is told apart. */
export type CompanionEnvelope = Exclude<Envelope, { kind: "characters" }>;

/** An envelope about a turn; the others are about the house. */
export type TurnEnvelope = Exclude<Envelope, { kind: "characters" | "perform" | "notice" }>;

/** Tell whether a message is an envelope that this card understands; later versions may add kinds. */
export function isEnvelope(message: unknown): message is Envelope {
  if (typeof message !== "object" || message === null) return false;
  const { v, seq, turn_id, kind, data } = message as Record<string, unknown>;
  return (
    v === 1 &&
    typeof seq === "number" &&
    typeof turn_id === "string" &&
    Object.prototype.hasOwnProperty.call(KINDS, kind as string) &&
    typeof data === "object" &&
    data !== null
  );
}
