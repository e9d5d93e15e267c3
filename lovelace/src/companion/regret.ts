/** How a failure shows in her face, and cues that belong to no words. */

import { type Cue, Timeline } from "../director/timeline.js";

/** How long a failure shows. */
const REGRET_MS = 3000;
/** She could not hear, and nobody thinks for her. */
const DEAF = /^(nothing_heard|ears_|listen_)/;
const MINDLESS = /^(model_|agent_|provider_)/;

/** Make a timeline of a failure that is understood from three metres: hand to ear, a shrug, a sorry face. */
export function regretful(turn_id: string, error: string): Timeline {
  const deaf = DEAF.test(error);
  const cue = { at_ms: 0, intensity: 0.7, hold_ms: REGRET_MS, offset: 0 } as const;
  const cues: Cue[] = [{ ...cue, kind: "emotion", name: deaf ? "surprised" : "sad" }];
  const name = deaf ? "listen" : MINDLESS.test(error) ? "shrug" : null;
  if (name) cues.push({ ...cue, kind: "gesture", name, intensity: 1 });
  return wordless(turn_id, cues);
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
