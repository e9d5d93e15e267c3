/** How she answers a touch: hair, cheek, hand and shoulder; anywhere else is not hers to be touched. */

import type { Cue, CueKind } from "./timeline.js";

export const TOUCHABLE = ["hair", "cheek", "hand", "shoulder"] as const;
export type Touchable = (typeof TOUCHABLE)[number];

const cue = (kind: CueKind, name: string, intensity = 1): Cue => ({
  at_ms: 0,
  kind,
  name,
  intensity,
  hold_ms: 1400,
  offset: 0,
});

export const TOUCH_ANSWERS: Readonly<Record<Touchable, readonly Cue[]>> = {
  hair: [cue("emotion", "relaxed", 0.9), cue("gesture", "tilt")],
  cheek: [cue("emotion", "happy", 0.6), cue("gesture", "shy")],
  hand: [cue("emotion", "happy", 0.8), cue("gesture", "wave")],
  shoulder: [cue("emotion", "surprised", 0.5), cue("gaze", "user"), cue("gesture", "nod")],
};
