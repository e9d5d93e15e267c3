/** The 3D chunk: loaded only when a card has room for a figure. */

export { AvatarError, type AvatarProblem } from "./errors.js";
export { type Framing, FRAMINGS } from "./framing.js";
export { COLOUR_GROUPS, type ColourGroup, type Colours } from "./palette.js";
export { type Quality, TIERS } from "./quality.js";
export { type Pace, Stage, type StageInfo, type View } from "./stage.js";
