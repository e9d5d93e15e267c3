/** All gestures by the name a cue gives them; importing this makes them known. */

import { bow } from "./bow.js";
import { cheer } from "./cheer.js";
import { clap } from "./clap.js";
import { cross_arms } from "./cross_arms.js";
import { facepalm } from "./facepalm.js";
import type { Gesture } from "./gesture.js";
import { listen } from "./listen.js";
import { look_around } from "./look_around.js";
import { nod } from "./nod.js";
import { point_left, point_right } from "./point.js";
import { register } from "./registry.js";
import { shake } from "./shake.js";
import { shift_weight } from "./shift_weight.js";
import { shrug } from "./shrug.js";
import { shy } from "./shy.js";
import { sit } from "./sit.js";
import { sleep } from "./sleep.js";
import { think } from "./think.js";
import { tilt } from "./tilt.js";
import { touch_hair } from "./touch_hair.js";
import { wake } from "./wake.js";
import { wave } from "./wave.js";
import { yawn } from "./yawn.js";

export type { Gesture, Key, Level } from "./gesture.js";

export const GESTURES: Readonly<Record<string, Gesture>> = {
  bow,
  cheer,
  clap,
  cross_arms,
  facepalm,
  listen,
  look_around,
  nod,
  point_left,
  point_right,
  shake,
  shift_weight,
  shrug,
  shy,
  sit,
  sleep,
  think,
  tilt,
  touch_hair,
  wake,
  wave,
  yawn,
};

register(GESTURES);
