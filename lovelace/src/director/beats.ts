/** Speech beats: the head goes with the stress of what is said. */

import { firstAfter, type SpokenWord, type Timeline } from "./timeline.js";

const BEAT_MS = 260;
const DEPTH_DEG = 2.6;

/** Give how far the head is nodded at a time, in degrees; short words carry no stress. */
export function beatAt(timeline: Timeline, audio_ms: number): number {
  let nod_deg = 0;
  for (let i = firstAfter(timeline.words, audio_ms) - 1; i >= 0; i--) {
    const word = timeline.words[i]!;
    const phase = (audio_ms - word.at_ms) / BEAT_MS;
    if (phase > 1) break;
    nod_deg += stress(word) * Math.sin(Math.PI * phase) ** 2;
  }
  return nod_deg;
}

/** Guess a word's stress from its length; a hash of its place keeps the beats from marching. */
function stress({ offset, length }: SpokenWord): number {
  if (length < 4) return 0;
  const vary = 0.6 + 0.4 * (((offset * 2654435761) >>> 16) % 100) * 0.01;
  return DEPTH_DEG * vary * Math.min(1, length / 8);
}
