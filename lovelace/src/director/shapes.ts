/** The fifteen mouth shapes a timeline speaks of, and how each comes and goes. */

/** Oculus visemes, in the order of docs/contracts.md §5. */
export const SHAPES = [
  "sil",
  "PP",
  "FF",
  "TH",
  "DD",
  "kk",
  "CH",
  "SS",
  "nn",
  "RR",
  "aa",
  "E",
  "I",
  "O",
  "U",
] as const;

export type Shape = (typeof SHAPES)[number];

/** How present each shape is, 0…1; the sum never exceeds 1. */
export type Weights = Record<Shape, number>;

/** One shape's part in co-articulation: how long it takes to come and go, and how early it is felt. */
export interface Reach {
  /** It comes and goes half before and half behind the boundary, so that it leads from there on. */
  before_ms: number;
  after_ms: number;
  /** How much of it is there well before its sound. */
  ahead: number;
}

const VOWEL: Reach = { before_ms: 60, after_ms: 60, ahead: 0 };
// Lips round well before a rounded vowel sounds, which is why "too" and "tea" begin differently.
const ROUND: Reach = { before_ms: 64, after_ms: 64, ahead: 0.3 };
const TONGUE: Reach = { before_ms: 52, after_ms: 52, ahead: 0 };
const PURSED: Reach = { before_ms: 56, after_ms: 56, ahead: 0.12 };
// Their lips have a ramp of their own, see `shut` in visemes.ts.
const CLOSED: Reach = { before_ms: 24, after_ms: 34, ahead: 0 };

export const REACH: Readonly<Record<Shape, Reach>> = {
  sil: { before_ms: 60, after_ms: 50, ahead: 0 },
  PP: CLOSED,
  FF: CLOSED,
  TH: TONGUE,
  DD: TONGUE,
  kk: TONGUE,
  CH: PURSED,
  SS: TONGUE,
  nn: TONGUE,
  RR: PURSED,
  aa: VOWEL,
  E: VOWEL,
  I: VOWEL,
  O: ROUND,
  U: ROUND,
};

/** Lips or teeth meet: nothing else may move the mouth while they do. */
export const CLOSURES: ReadonlySet<Shape> = new Set<Shape>(["PP", "FF"]);

/** Give a mouth at rest. */
export function noWeights(): Weights {
  return Object.fromEntries(SHAPES.map((shape) => [shape, 0])) as Weights;
}
