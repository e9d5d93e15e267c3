/** The mouth at a time: dominance functions in the manner of Cohen & Massaro (1993), with hard closures. */

import { smoothstep } from "./easing.js";
import { CLOSURES, noWeights, REACH, type Shape, type Weights } from "./shapes.js";
import { firstAfter, type Timeline, type Viseme } from "./timeline.js";

/** The mouth runs ahead of the sound: early lips go unnoticed, late ones do not. */
export const MOUTH_LEAD_MS = 30;

/** Shapes further away than this are not felt. */
const FELT_MS = 250;
/** Three frames at 60 per second: a shorter closure would fall between two frames. */
const MIN_CLOSURE_MS = 50;
const CLOSURE_RAMP_MS = 36;
/** The ramps of a long closure lie half inside of it, or it would begin before its sound and outlast it. */
const CLOSURE_INSET_MS = 12;
/** Sounds die away: the mouth comes to rest a little after the last of them is said to have ended. */
const REST_LATE_MS = 8;
/** Time in which the rounding before a rounded vowel falls to a third. */
const AHEAD_TAU_MS = 60;
/** A weak shape fights for its place as if it were at least this strong. */
const LEAST_WEIGHT = 0.4;

/** Give the weight of each of the fifteen shapes at a time of the reply's own audio. */
export function weightsAt(timeline: Timeline, audio_ms: number): Weights {
  const near = nearby(timeline.visemes, audio_ms);
  const weights = blend(near, audio_ms);
  return shut(weights, near, audio_ms);
}

/** List the visemes that can be felt at a time, with silence before the first and after the last. */
function nearby(visemes: readonly Viseme[], audio_ms: number): Viseme[] {
  const near: Viseme[] = [];
  const first = visemes[0];
  const last = visemes[visemes.length - 1];
  if (!first || !last) return [silence(-Infinity, Infinity)];
  if (first.at_ms > audio_ms - FELT_MS) near.push(silence(-Infinity, first.at_ms));
  for (let i = firstAfter(visemes, audio_ms + FELT_MS) - 1; i >= 0; i--) {
    const viseme = visemes[i]!;
    if (viseme.end_ms < audio_ms - FELT_MS) break;
    near.push(viseme);
  }
  if (last.end_ms < audio_ms + FELT_MS) near.push(silence(last.end_ms, Infinity));
  return near;
}

/** Make a rest of the mouth. */
function silence(at_ms: number, end_ms: number): Viseme {
  return { at_ms, end_ms, shape: "sil", weight: 1 };
}

/** Mix the neighbours' shapes, each by its dominance at that time. */
function blend(near: readonly Viseme[], audio_ms: number): Weights {
  const weights = noWeights();
  let total = 0;
  for (const viseme of near) {
    // A rest is written with weight 0; it is the whole of its shape none the less.
    const weight = viseme.shape === "sil" ? 1 : clamp01(viseme.weight);
    // A small movement must not come later than a large one: what it lacks in size, it has in dominance.
    const dominance = presence(viseme, audio_ms) / Math.max(LEAST_WEIGHT, weight);
    total += dominance;
    weights[viseme.shape] += dominance * weight;
  }
  if (total > 0) scale(weights, 1 / total);
  return weights;
}

/** Tell how much of a viseme is felt: all inside, half at its bounds, a foretaste before. */
function presence(viseme: Viseme, audio_ms: number): number {
  const { before_ms, after_ms, ahead } = REACH[viseme.shape];
  const late_ms = viseme.shape === "sil" ? REST_LATE_MS : 0;
  const come = smoothstep(0.5 + (audio_ms - viseme.at_ms - late_ms) / before_ms);
  const gone = smoothstep(0.5 + (viseme.end_ms - audio_ms) / after_ms);
  const early_ms = viseme.at_ms - audio_ms;
  const foretaste = ahead && early_ms > 0 ? ahead * Math.exp(-early_ms / AHEAD_TAU_MS) : 0;
  return come * gone + foretaste * (1 - come);
}

/** Close the mouth for p b m f v, whatever stands around them. */
function shut(weights: Weights, near: readonly Viseme[], audio_ms: number): Weights {
  let closing: Viseme | null = null;
  let closest_ms = CLOSURE_RAMP_MS;
  for (const viseme of near) {
    if (!CLOSURES.has(viseme.shape) || viseme.weight <= 0) continue;
    const distance_ms = closureDistance(viseme, audio_ms);
    if (distance_ms < closest_ms) [closing, closest_ms] = [viseme, distance_ms];
  }
  return closing ? lean(weights, closing, 1 - smoothstep(closest_ms / CLOSURE_RAMP_MS)) : weights;
}

/** Measure how far a time lies outside a closure of at least the shortest visible length. */
function closureDistance(viseme: Viseme, audio_ms: number): number {
  const spare_ms = (viseme.end_ms - viseme.at_ms - MIN_CLOSURE_MS) / 2;
  const inset_ms = Math.min(CLOSURE_INSET_MS, spare_ms);
  return Math.max(viseme.at_ms + inset_ms - audio_ms, audio_ms - viseme.end_ms + inset_ms, 0);
}

/** Move all weights towards one shape by a share. */
function lean(weights: Weights, { shape, weight }: { shape: Shape; weight: number }, by: number) {
  scale(weights, 1 - by);
  weights[shape] += by * clamp01(weight);
  return weights;
}

/** Multiply every weight in place. */
function scale(weights: Weights, factor: number): void {
  for (const shape of Object.keys(weights) as Shape[]) weights[shape] *= factor;
}

/** Keep a number inside 0…1. */
function clamp01(value: number): number {
  return Math.min(1, Math.max(0, value));
}
