/** A glTF without VRM data: a still figure whose mouth moves where a morph is named like a mouth shape. */

import { VRMUtils } from "@pixiv/three-vrm";
import { Box3, Mesh, type Object3D, Vector3 } from "three";
import { mouthOf, type Pose, SHAPES, VRM_MOUTH, type VrmMouth } from "../director/index.js";
import type { Applied, Body, Marks } from "./body.js";

/** Names used by Oculus (viseme_aa), ARKit (jawOpen) and VRoid (Fcl_MTH_A) figures. */
const JAW = /^jawOpen$|^mouthOpen$/;
const BLINK = /^eyeBlink(Left|Right|_L|_R)?$|^blink$/i;
const VOWEL_LETTER: Readonly<Record<string, VrmMouth>> = {
  A: "aa",
  I: "ih",
  U: "ou",
  E: "ee",
  O: "oh",
};

type Channel = (pose: Pose) => number;

export class PlainBody implements Body {
  readonly marks: Marks;
  private readonly _channels: { mesh: Mesh; index: number; name: string; value: Channel }[] = [];

  constructor(readonly scene: Object3D) {
    scene.traverse((object) => {
      if (object instanceof Mesh) this._wire(object as Mesh);
    });
    this.marks = measure(scene);
  }

  apply(pose: Pose): Applied {
    const applied: Applied = {};
    for (const { mesh, index, name, value } of this._channels) {
      const influences = mesh.morphTargetInfluences;
      if (influences) influences[index] = applied[name] = value(pose);
    }
    return applied;
  }

  update(): void {}

  outline(): void {}

  recolour(): boolean {
    return false;
  }

  dispose(): void {
    this.scene.removeFromParent();
    VRMUtils.deepDispose(this.scene);
  }

  /** Connect a mesh's morph targets to what the director says. */
  private _wire(mesh: Mesh): void {
    for (const [name, index] of Object.entries(mesh.morphTargetDictionary ?? {})) {
      const value = channelFor(name);
      if (value) this._channels.push({ mesh, index, name, value });
    }
  }
}

/** Find what a morph target of that name stands for. */
function channelFor(name: string): Channel | null {
  const bare = name.replace(/^.*(?:viseme_|Fcl_MTH_)/i, "");
  const shape = SHAPES.find((each) => each.toLowerCase() === bare.toLowerCase());
  if (/viseme_/i.test(name) && shape) return (pose) => pose.mouth[shape];
  const letter = VOWEL_LETTER[bare];
  const vowel = letter ?? VRM_MOUTH.find((each) => each === bare.toLowerCase());
  if (vowel) return (pose) => mouthOf(pose.mouth)[vowel];
  if (JAW.test(name)) return (pose) => jaw(pose);
  return BLINK.test(name) ? (pose) => pose.blink : null;
}

/** Tell how far the jaw drops for the spoken shapes. */
function jaw(pose: Pose): number {
  const { aa, ee, ih, oh, ou } = mouthOf(pose.mouth);
  return Math.min(1, 0.8 * aa + 0.55 * oh + 0.4 * ee + 0.25 * ih + 0.2 * ou);
}

/** Measure a figure of unknown build by its box. */
function measure(scene: Object3D): Marks {
  scene.updateWorldMatrix(true, true);
  const box = new Box3().setFromObject(scene);
  const centre = box.getCenter(new Vector3());
  const height_m = box.max.y - box.min.y;
  return {
    head: new Vector3(centre.x, box.max.y - 0.14 * height_m, centre.z),
    top_m: box.max.y,
    bottom_m: box.min.y,
    shoulders_m: Math.min(box.max.x - box.min.x, 0.35 * height_m),
  };
}
