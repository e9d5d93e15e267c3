/** All gestures by the name a cue gives them. */

import { bow } from "./bow.js";
import { cheer } from "./cheer.js";
import type { Gesture } from "./gesture.js";
import { nod } from "./nod.js";
import { shake } from "./shake.js";
import { shrug } from "./shrug.js";
import { think } from "./think.js";
import { wave } from "./wave.js";

export type { Gesture, Key } from "./gesture.js";

export const GESTURES: Readonly<Record<string, Gesture>> = {
  bow,
  cheer,
  nod,
  shake,
  shrug,
  think,
  wave,
};
