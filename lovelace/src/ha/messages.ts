/** The messages of docs/contracts.md §6, checked as they come in. */

import type { TimelineDocument } from "../director/index.js";

export interface Character {
  id: string;
  name: string;
  avatar_url: string | null;
  /** Other colours than the figure was made with, by group; an older house sends none. */
  avatar_colours?: Readonly<Record<string, string>>;
  conversation_entity: string;
  pipeline: string | null;
}

export type TurnState = "listening" | "thinking" | "speaking" | "heard";
export type Origin = "card" | "satellite" | "assist";

export interface TurnData {
  state: TurnState;
  character: string | null;
  session_id: string | null;
  person: string | null;
  origin: Origin;
  error?: string | null;
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

/** What each kind of envelope carries. */
export interface Kinds {
  turn: TurnData;
  heard: { text: string; final: boolean };
  text: TextData;
  timeline: TimelineDocument;
  audio: { url: string; mime_type: string };
  clock: ClockData;
  cancel: { reason: string };
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

/** An envelope about a turn; the others are about the house. */
export type TurnEnvelope = Exclude<Envelope, { kind: "characters" }>;

const KINDS: readonly string[] = [
  "turn",
  "heard",
  "text",
  "timeline",
  "audio",
  "clock",
  "cancel",
  "characters",
  "confirm",
];

/** Tell whether a message is an envelope that this card understands; later versions may add kinds. */
export function isEnvelope(message: unknown): message is Envelope {
  if (typeof message !== "object" || message === null) return false;
  const { v, seq, turn_id, kind, data } = message as Record<string, unknown>;
  return (
    v === 1 &&
    typeof seq === "number" &&
    typeof turn_id === "string" &&
    KINDS.includes(kind as string) &&
    typeof data === "object" &&
    data !== null
  );
}
