/** The director's public face: pure functions and one class; knows no browser, no three.js. */

export { ACTIVITIES, type Activity } from "./activity.js";
export { Director, type Scene, spokenPose } from "./director.js";
export { capFeelings, EMOTIONS, type Emotion, feelingsAt, type Feelings } from "./emotion.js";
export { gesticulate } from "./gesturing.js";
export { IDLES } from "./acts.js";
export { mouthOf, type Mouth, VRM_MOUTH, type VrmMouth } from "./mouth.js";
export { alignOffsets, codePointLength, sliceCodePoints } from "./offsets.js";
export type { Bone, Bones, Pose } from "./pose.js";
export { smoothstep } from "./easing.js";
export { type Quaternion, slerp } from "./quaternion.js";
export { CLOSURES, noWeights, type Shape, SHAPES, type Weights } from "./shapes.js";
export {
  type Cue,
  type SpokenWord,
  Timeline,
  type TimelineDocument,
  type Viseme,
  wordAt,
} from "./timeline.js";
export { TOUCH_ANSWERS, TOUCHABLE, type Touchable } from "./touch.js";
export { MOUTH_LEAD_MS, weightsAt } from "./visemes.js";
