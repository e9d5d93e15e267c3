/** What the face feels at a time of the reply, from its emotion cues. */

import { easeInOutCubic } from "./easing.js";
import type { Cue } from "./timeline.js";

export const EMOTIONS = ["happy", "angry", "sad", "relaxed", "surprised"] as const;
export type Emotion = (typeof EMOTIONS)[number];
export type Feelings = Record<Emotion, number>;

/** Feelings that models write in other words, as the six presets of VRM 1.0. */
const SYNONYMS: Readonly<Record<string, Emotion>> = {
  amused: "happy",
  excited: "happy",
  joy: "happy",
  love: "happy",
  proud: "happy",
  annoyed: "angry",
  anger: "angry",
  lonely: "sad",
  sorry: "sad",
  sorrow: "sad",
  worried: "sad",
  calm: "relaxed",
  fun: "relaxed",
  shy: "relaxed",
  sleepy: "relaxed",
  curious: "surprised",
  surprise: "surprised",
};

/** Surprise comes at once, calm takes its time. */
const ATTACK_MS: Readonly<Record<Emotion, number>> = {
  surprised: 150,
  happy: 350,
  angry: 300,
  sad: 500,
  relaxed: 600,
};
/** A face at full strength looks like a mask. */
const STRENGTH: Readonly<Record<Emotion, number>> = {
  surprised: 0.8,
  happy: 0.7,
  angry: 0.7,
  sad: 0.8,
  relaxed: 0.7,
};
/** Time to fall to a third when the words are over, and when another feeling takes the face. */
const DECAY_MS = 1600;
const REPLACED_MS = 180;

/** Give the preset a name stands for, or null for neutral and the unknown. */
function emotionNamed(name: string): Emotion | null {
  const lower = name.toLowerCase();
  return EMOTIONS.find((emotion) => emotion === lower) ?? SYNONYMS[lower] ?? null;
}

/** Give how strongly each emotion shows; a function of time alone, so that any frame can be redrawn. */
export function feelingsAt(cues: readonly Cue[], audio_ms: number): Feelings {
  const feelings = noFeelings();
  const emotions = cues.filter((cue) => cue.kind === "emotion" && cue.at_ms <= audio_ms);
  emotions.forEach((cue, index) => {
    const emotion = emotionNamed(cue.name);
    if (!emotion) return;
    const value = STRENGTH[emotion] * cue.intensity * envelope(cue, emotions[index + 1], emotion);
    feelings[emotion] = Math.max(feelings[emotion], Math.min(1, value));
  });
  return feelings;

  /** Rise, hold while the words last, then fall. */
  function envelope(cue: Cue, next: Cue | undefined, emotion: Emotion): number {
    const rise = (time_ms: number) => easeInOutCubic((time_ms - cue.at_ms) / ATTACK_MS[emotion]);
    const held_ms = cue.at_ms + Math.max(cue.hold_ms, ATTACK_MS[emotion]);
    const replaced = next !== undefined && next.at_ms < held_ms;
    const end_ms = replaced ? next.at_ms : held_ms;
    if (audio_ms <= end_ms) return rise(audio_ms);
    return rise(end_ms) * Math.exp((end_ms - audio_ms) / (replaced ? REPLACED_MS : DECAY_MS));
  }
}

/** Give a neutral face. */
export function noFeelings(): Feelings {
  return { happy: 0, angry: 0, sad: 0, relaxed: 0, surprised: 0 };
}

/** Hold a feeling back while she speaks, where it would close the model's mouth. */
export function capFeelings(feelings: Feelings, most: number): Feelings {
  const capped = { ...feelings };
  for (const emotion of EMOTIONS) capped[emotion] = Math.min(capped[emotion], most);
  return capped;
}
