/** The line under her picture: the words around the one that is spoken. */

import { codePointLength } from "../director/offsets.js";
import type { SpokenWord } from "../director/timeline.js";

/** Two lines on a phone. */
const LONGEST = 84;

export interface Subtitle {
  before: string;
  word: string;
  after: string;
}

/** Cut the spoken text into lines at word ends and give the one with the word in it. */
export function subtitleAt(speech: string, word: SpokenWord | null): Subtitle {
  if (!word) return { before: lastLine(speech), word: "", after: "" };
  const points = [...speech];
  const [start, end] = lineAround(points, word.offset);
  const cut = (from: number, to: number) => points.slice(from, to).join("");
  const spoken_end = Math.min(word.offset + word.length, end);
  return {
    before: cut(start, word.offset),
    word: cut(word.offset, spoken_end),
    after: cut(spoken_end, end),
  };
}

/** Give the end of a text that is only read. */
function lastLine(speech: string): string {
  const points = [...speech.trimEnd()];
  const [start, end] = lineAround(points, Math.max(0, codePointLength(speech.trimEnd()) - 1));
  return points.slice(start, end).join("");
}

/** Find the line that holds a place: lines break at sentence ends, else at the last space that fits. */
function lineAround(points: readonly string[], place: number): [number, number] {
  let start = 0;
  for (;;) {
    const end = lineEnd(points, start);
    if (place < end || end >= points.length) return [start, end];
    start = end;
  }
}

function lineEnd(points: readonly string[], start: number): number {
  let space = -1;
  for (let i = start; i < points.length; i++) {
    const after = points[i + 1];
    if (
      /[.!?…。！？\n]/u.test(points[i]!) &&
      (after === undefined || after === " ") &&
      i - start > 8
    )
      return Math.min(points.length, i + 2);
    if (points[i] === " " && i > start) space = i + 1;
    if (i - start >= LONGEST) return space > start ? space : i;
  }
  return points.length;
}
