/** What the morph targets of a figure stand for, by the names that tools give them. */

import { mouthOf, type Pose, SHAPES, VRM_MOUTH, type VrmMouth } from "../director/index.js";

/** How far a morph target is moved by a pose. */
export type Channel = (pose: Pose) => number;

/** VRoid Studio (Fcl_MTH_A), MMD (あ) and the vowels alone. */
const VOWELS: Readonly<Record<string, VrmMouth>> = {
  A: "aa",
  I: "ih",
  U: "ou",
  E: "ee",
  O: "oh",
  あ: "aa",
  い: "ih",
  う: "ou",
  え: "ee",
  お: "oh",
};

/** ARKit's 52, VRoid Studio's and common plain names. */
const FACE: readonly (readonly [RegExp, Channel])[] = [
  [/^jawOpen$|^mouthOpen$|^mouth_open$/i, (pose) => jaw(pose)],
  [/^mouthPucker$/i, ({ mouth }) => 0.8 * mouth.U + 0.5 * mouth.CH],
  [/^mouthFunnel$/i, ({ mouth }) => 0.8 * mouth.O + 0.3 * mouth.RR],
  [/^mouthClose$/i, ({ mouth }) => 0.2 * mouth.PP],
  [/^mouthPress(Left|Right)$/i, ({ mouth }) => 0.6 * mouth.PP],
  [/^mouthRollLower$/i, ({ mouth }) => 0.7 * mouth.FF],
  [/^mouthStretch(Left|Right)$/i, ({ mouth }) => 0.4 * (mouth.I + mouth.E)],
  [/^eyeBlink(Left|Right|_L|_R)?$|^blink$|^Fcl_EYE_Close$|^まばたき$/i, ({ blink }) => blink],
  [
    /^mouthSmile(Left|Right|_L|_R)?$|^smile$|^Fcl_ALL_(Joy|Fun)$/i,
    ({ feelings }) => feelings.happy,
  ],
  [/^cheekSquint(Left|Right)$/i, ({ feelings }) => 0.7 * feelings.happy],
  [/^mouthFrown(Left|Right|_L|_R)?$|^Fcl_ALL_Sorrow$/i, ({ feelings }) => feelings.sad],
  [/^browInnerUp$/i, ({ feelings }) => Math.max(feelings.sad, 0.5 * feelings.surprised)],
  [/^browDown(Left|Right|_L|_R)?$|^Fcl_ALL_Angry$/i, ({ feelings }) => feelings.angry],
  [/^eyeWide(Left|Right|_L|_R)?$|^Fcl_ALL_Surprised$/i, ({ feelings }) => feelings.surprised],
];

/** Find what a morph target of that name stands for; null where it says nothing. */
export function channelFor(name: string): Channel | null {
  const own = name.replace(/^.*[.:|]/, "");
  const known = FACE.find(([pattern]) => pattern.test(own));
  if (known) return known[1];
  const viseme = /(?:^|_)(?:viseme|v)_(\w+)$/i.exec(own)?.[1];
  const shape = SHAPES.find((each) => each.toLowerCase() === viseme?.toLowerCase());
  if (shape) return ({ mouth }) => mouth[shape];
  const bare = own.replace(/^(?:.*_)?(?:Fcl_MTH|viseme|mouth|vrc\.v)_/i, "");
  const vowel = VOWELS[bare] ?? VRM_MOUTH.find((each) => each === bare.toLowerCase());
  return vowel ? ({ mouth }) => mouthOf(mouth)[vowel] : null;
}

/** Tell how far the jaw drops for the spoken shapes. */
function jaw(pose: Pose): number {
  const { aa, ee, ih, oh, ou } = mouthOf(pose.mouth);
  return Math.min(1, 0.8 * aa + 0.55 * oh + 0.4 * ee + 0.25 * ih + 0.2 * ou);
}
