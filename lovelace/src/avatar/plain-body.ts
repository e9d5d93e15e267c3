/** A glTF without VRM data: its bones and morph targets move where their names say what they are. */

import { type VRMHumanBoneName, type VRMHumanoid, VRMUtils } from "@pixiv/three-vrm";
import { Box3, Mesh, type Object3D, Vector3 } from "three";
import type { Pose } from "../director/index.js";
import type { Applied, Body, Marks } from "./body.js";
import { type Channel, channelFor } from "./morphs.js";
import { liftHips, turnBones } from "./posing.js";
import { mapSkeleton } from "./skeleton.js";

export class PlainBody implements Body {
  readonly marks: Marks;
  readonly humanoid: VRMHumanoid | null;
  private readonly _channels: { mesh: Mesh; index: number; name: string; value: Channel }[] = [];

  constructor(readonly scene: Object3D) {
    this.humanoid = mapSkeleton(scene);
    scene.traverse((object) => {
      if (object instanceof Mesh) this._wire(object as Mesh);
      object.frustumCulled = false;
    });
    this.marks = measure(scene, this.humanoid);
  }

  apply(pose: Pose): Applied {
    if (this.humanoid) {
      turnBones(this.humanoid, pose, 1);
      liftHips(this.humanoid, pose, 1);
      this._turnEyes(pose);
    }
    const applied: Applied = {};
    for (const { mesh, index, name, value } of this._channels) {
      const influences = mesh.morphTargetInfluences;
      if (influences) influences[index] = applied[name] = Math.min(1, value(pose));
    }
    return applied;
  }

  update(): void {
    this.humanoid?.update();
  }

  outline(): void {}

  readonly made = {};

  recolour(): boolean {
    return false;
  }

  dispose(): void {
    this.scene.removeFromParent();
    VRMUtils.deepDispose(this.scene);
  }

  private _turnEyes({ gaze }: Pose): void {
    for (const side of ["left", "right"] as const) {
      const eye = this.humanoid?.getNormalizedBoneNode(`${side}Eye`);
      const radians = Math.PI / 180;
      eye?.rotation.set(-gaze.pitch_deg * radians, gaze.yaw_deg * radians, 0);
    }
  }

  /** Connect a mesh's morph targets to what the director says. */
  private _wire(mesh: Mesh): void {
    for (const [name, index] of Object.entries(mesh.morphTargetDictionary ?? {})) {
      const value = channelFor(name);
      if (value) this._channels.push({ mesh, index, name, value });
    }
  }
}

/** Measure a figure: by its bones where it has some, else by its box. */
function measure(scene: Object3D, humanoid: VRMHumanoid | null): Marks {
  scene.updateWorldMatrix(true, true);
  const box = new Box3().setFromObject(scene);
  const centre = box.getCenter(new Vector3());
  const height_m = box.max.y - box.min.y;
  const place = (bone: VRMHumanBoneName) =>
    humanoid?.getRawBoneNode(bone)?.getWorldPosition(new Vector3());
  const [left, right] = [place("leftUpperArm"), place("rightUpperArm")];
  return {
    head: place("head") ?? new Vector3(centre.x, box.max.y - 0.14 * height_m, centre.z),
    top_m: box.max.y,
    bottom_m: box.min.y,
    shoulders_m:
      left && right ? left.distanceTo(right) : Math.min(box.max.x - box.min.x, 0.35 * height_m),
  };
}
