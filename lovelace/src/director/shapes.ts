/** The fifteen mouth shapes a timeline speaks of, and how strongly each holds its ground. */

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

/** One shape's part in co-articulation: how strong, how early and how long it is felt. */
export interface Dominance {
  strength: number;
  before_ms: number;
  after_ms: number;
}

const VOWEL: Dominance = { strength: 0.75, before_ms: 26, after_ms: 36 };
// Lips round well before a rounded vowel sounds, which is why "too" and "tea" begin differently.
const ROUND: Dominance = { strength: 0.75, before_ms: 42, after_ms: 38 };
const TONGUE: Dominance = { strength: 0.6, before_ms: 26, after_ms: 28 };

export const DOMINANCE: Readonly<Record<Shape, Dominance>> = {
  sil: { strength: 0.8, before_ms: 28, after_ms: 30 },
  PP: { strength: 1, before_ms: 30, after_ms: 30 },
  FF: { strength: 0.95, before_ms: 30, after_ms: 30 },
  TH: { strength: 0.65, before_ms: 26, after_ms: 28 },
  DD: TONGUE,
  kk: TONGUE,
  CH: { strength: 0.65, before_ms: 40, after_ms: 34 },
  SS: { strength: 0.6, before_ms: 28, after_ms: 30 },
  nn: TONGUE,
  RR: { strength: 0.55, before_ms: 40, after_ms: 34 },
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
