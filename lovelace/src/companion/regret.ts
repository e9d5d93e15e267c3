/** How a failure shows in her face. */

import { Timeline } from "../director/index.js";

/** How long a failure shows. */
const REGRET_MS = 3000;

/** Make a timeline without words: puzzled where nothing was understood, else sorry. */
export function regretful(turn_id: string, error: string): Timeline {
  const name = error === "nothing_heard" ? "surprised" : "sad";
  const cue = { at_ms: 0, kind: "emotion", name, intensity: 0.7, hold_ms: REGRET_MS, offset: 0 };
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
      cues: [{ ...cue, kind: "emotion" }],
      source: "estimated",
      final: true,
    },
  ]);
}
