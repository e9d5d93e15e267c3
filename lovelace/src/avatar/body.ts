/** A figure on the stage, whatever its file's format. */

import type { VRMHumanoid } from "@pixiv/three-vrm";
import type { Object3D, Vector3 } from "three";
import type { Pose } from "../director/index.js";
import type { Colours } from "./palette.js";

/** The values a pose gave to the model's own expressions or morph targets. */
export type Applied = Record<string, number>;

export interface Body {
  readonly scene: Object3D;
  /** Points the camera frames by, in metres. */
  readonly marks: Marks;
  /** Its bones; null for a still figure. */
  readonly humanoid: VRMHumanoid | null;
  /** Set the pose; it shows after the next `update`. */
  apply(pose: Pose): Applied;
  /** Move hair and clothes on and write everything into the meshes. */
  update(step_s: number): void;
  /** Show or hide outlines, the dearest part of a toon figure, in a picture of so many pixels' height. */
  outline(shown: boolean, height_px: number): void;
  /** The colours it was made with; empty where it has no palette. */
  readonly made: Colours;
  /** Change colours; false where the figure has no palette. */
  recolour(colours: Colours): boolean;
  dispose(): void;
}

export interface Marks {
  head: Vector3;
  top_m: number;
  bottom_m: number;
  shoulders_m: number;
}
