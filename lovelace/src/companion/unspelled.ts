/** Move the mouth by the sound alone, where nobody tells what is spoken in it. */

import type { Timeline } from "../director/index.js";

/** What plays a sound and lets others hear it first. */
export interface Sounding {
  onSound: ((samples: Float32Array, rate_hz: number) => void) | null;
}

/** Listen to a reply whose sound begins before its timeline; the ear is loaded only then. */
export function hearInstead(player: Sounding, turn_id: string, timeline: Timeline): void {
  let waiting: Float32Array[] | null = null;
  let told: Timeline["visemes"] | null = null;
  player.onSound = (samples, rate_hz) => {
    // The house sends a segment's phonemes before its sound.
    if (timeline.visemes.length) player.onSound = null;
    else if (waiting) waiting.push(samples);
    else {
      waiting = [samples];
      void import("../audio/ear.js").then(({ Ear }) => {
        const ear = new Ear(rate_hz);
        const hear = (part: Float32Array) => {
          // Phonemes that come late after all are better than what we hear.
          if (told && timeline.visemes !== told) player.onSound = null;
          else tell(ear.push(part).visemes);
        };
        waiting?.forEach(hear);
        player.onSound = hear;
      });
    }
  };

  function tell(visemes: Timeline["visemes"]): void {
    const end_ms = visemes[visemes.length - 1]?.end_ms ?? 0;
    timeline.add({
      v: 1,
      turn_id,
      seq: 0,
      segment: 0,
      text: "",
      offset: 0,
      audio: { start_ms: 0, duration_ms: end_ms },
      visemes: [...visemes],
      words: [],
      cues: [],
      source: "estimated",
      final: false,
    });
    told = timeline.visemes;
  }
}
