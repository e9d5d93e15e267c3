/** A reply's timeline: the segments of docs/contracts.md §5, joined as they arrive. */

import type { Shape } from "./shapes.js";

export interface Viseme {
  at_ms: number;
  end_ms: number;
  shape: Shape;
  weight: number;
}

export interface SpokenWord {
  at_ms: number;
  /** In code points of the reply's chat-log text. */
  offset: number;
  length: number;
}

export type CueKind = "emotion" | "gesture" | "gaze";

export interface Cue {
  at_ms: number;
  kind: CueKind;
  name: string;
  intensity: number;
  hold_ms: number;
  offset: number;
}

export interface TimelineDocument {
  v: number;
  turn_id: string;
  seq: number;
  segment: number;
  text: string;
  offset: number;
  audio: { start_ms: number; duration_ms: number };
  visemes: Viseme[];
  words: SpokenWord[];
  cues: Cue[];
  source: TimeSource;
  final: boolean;
}

/** How the times of the sounds were found, the least sure last. */
export const TIME_SOURCES = ["exact", "aligned", "estimated"] as const;
export type TimeSource = (typeof TIME_SOURCES)[number];

/** What is known of one reply so far; segments may come late, twice or out of order. */
export class Timeline {
  visemes: readonly Viseme[] = [];
  words: readonly SpokenWord[] = [];
  cues: readonly Cue[] = [];
  /** Where she was interrupted: what she did to the words ends there. */
  cut_ms = Infinity;
  private readonly _segments = new Map<number, TimelineDocument>();

  /** Join the documents of one reply. */
  static of(documents: Iterable<TimelineDocument>): Timeline {
    const timeline = new Timeline();
    for (const document of documents) timeline.add(document);
    return timeline;
  }

  /** Take one more segment; the same segment again replaces the first. */
  add(document: TimelineDocument): void {
    this._segments.set(document.segment, document);
    const sorted = [...this._segments.values()].sort((a, b) => a.segment - b.segment);
    this.visemes = sorted.flatMap((segment) => segment.visemes);
    this.words = sorted.flatMap((segment) => segment.words);
    this.cues = sorted.flatMap((segment) => segment.cues);
  }

  /** Tell how sure the times of the mouth are: as its least sure segment; null without any. */
  get source(): TimeSource | null {
    const spoken = [...this._segments.values()].filter(({ visemes }) => visemes.length);
    const worst = Math.max(...spoken.map(({ source }) => TIME_SOURCES.indexOf(source)));
    return TIME_SOURCES[worst] ?? null;
  }

  /** Tell where the sound known so far ends. */
  get end_ms(): number {
    let end_ms = 0;
    for (const { audio } of this._segments.values())
      end_ms = Math.max(end_ms, audio.start_ms + audio.duration_ms);
    return end_ms;
  }

  /** Tell whether every segment up to the last has come. */
  get complete(): boolean {
    for (let segment = 0; ; segment++) {
      const document = this._segments.get(segment);
      if (!document) return false;
      if (document.final) return true;
    }
  }

  /** Join the spoken text of the segments. */
  get text(): string {
    const sorted = [...this._segments.values()].sort((a, b) => a.segment - b.segment);
    return sorted.map((segment) => segment.text).join("");
  }

  /** Give the part that sounds before a cut: the rest is never mouthed, feelings and gestures fade. */
  cutAt(audio_ms: number): Timeline {
    const cut = new Timeline();
    cut.visemes = this.visemes
      .filter((viseme) => viseme.at_ms < audio_ms)
      .map((viseme) => ({ ...viseme, end_ms: Math.min(viseme.end_ms, audio_ms) }));
    cut.words = this.words.filter((word) => word.at_ms < audio_ms);
    cut.cues = this.cues
      .filter((cue) => cue.at_ms < audio_ms)
      .map((cue) => ({ ...cue, hold_ms: Math.min(cue.hold_ms, audio_ms - cue.at_ms) }));
    cut.cut_ms = audio_ms;
    return cut;
  }
}

/** Give the index of the first item that begins after a time (binary search). */
export function firstAfter(items: readonly { at_ms: number }[], time_ms: number): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (items[middle]!.at_ms <= time_ms) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Give the word that sounds at a time; between two words the earlier one stays. */
export function wordAt(timeline: Timeline, audio_ms: number): SpokenWord | null {
  return timeline.words[firstAfter(timeline.words, audio_ms) - 1] ?? null;
}
