/** How a failure shows in her face, and cues that belong to no words. */

import { type Cue, Timeline } from "../director/index.js";

/** How long a failure shows. */
const REGRET_MS = 3000;

/** Make a timeline of a failure: puzzled where nothing was understood, else sorry. */
export function regretful(turn_id: string, error: string): Timeline {
  const name = error === "nothing_heard" ? "surprised" : "sad";
  const cue = { at_ms: 0, kind: "emotion", name, intensity: 0.7, offset: 0 } as const;
  return wordless(turn_id, [{ ...cue, hold_ms: REGRET_MS }]);
}

/** Make a timeline that shows cues with a closed mouth. */
export function wordless(turn_id: string, cues: Cue[]): Timeline {
  const silence = { at_ms: 0, end_ms: REGRET_MS, shape: "sil", weight: 0 } as const;
  return Timeline.of([
    {
      v: 1,
      turn_id,
      seq: 0,
      segment: 0,
      text: "",
      offset: 0,
      audio: { start_ms: 0, duration_ms: 0 },
      visemes: [silence],
      words: [],
      cues,
      source: "estimated",
      final: true,
    },
  ]);
}
