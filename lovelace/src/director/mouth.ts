/** From the fifteen spoken shapes to those a model has. */

import { SHAPES, type Shape, type Weights } from "./shapes.js";

/** The five mouth presets of VRM 1.0 (VRMC_vrm expressions). */
export const VRM_MOUTH = ["aa", "ih", "ou", "ee", "oh"] as const;
export type VrmMouth = (typeof VRM_MOUTH)[number];
export type Mouth = Record<VrmMouth, number>;

/** How a spoken shape looks in the five; closures stay empty: force 0 is what shuts the lips. */
const LOOKS: Readonly<Record<Shape, Partial<Mouth>>> = {
  sil: {},
  PP: {},
  FF: {},
  TH: { aa: 0.08, ih: 0.22 },
  DD: { ih: 0.3, ee: 0.05 },
  kk: { aa: 0.16, ih: 0.16 },
  CH: { ou: 0.38, ih: 0.1 },
  SS: { ih: 0.34, ee: 0.12 },
  nn: { ih: 0.24, aa: 0.04 },
  RR: { ou: 0.3, oh: 0.12 },
  aa: { aa: 1 },
  E: { ee: 0.85, aa: 0.1 },
  I: { ih: 0.85 },
  O: { oh: 0.95 },
  U: { ou: 0.95 },
};

/** Map spoken shapes to the five of VRM; the sum stays at most 1. */
export function mouthOf(weights: Weights): Mouth {
  const mouth: Mouth = { aa: 0, ih: 0, ou: 0, ee: 0, oh: 0 };
  for (const shape of SHAPES) {
    for (const name of VRM_MOUTH) mouth[name] += weights[shape] * (LOOKS[shape][name] ?? 0);
  }
  return mouth;
}
