/** A VRM 0.x or 1.0 humanoid driven by the director's poses. */

import {
  MToonMaterial,
  type VRM,
  type VRMExpression,
  VRMExpressionPresetName,
  type VRMHumanBoneName,
  type VRMHumanoid,
  VRMUtils,
} from "@pixiv/three-vrm";
import { Box3, type Material, Mesh, type Object3D, Vector3 } from "three";
import {
  capFeelings,
  type Emotion,
  EMOTIONS,
  mouthOf,
  type Pose,
  VRM_MOUTH,
} from "../director/index.js";
import type { Applied, Body, Marks } from "./body.js";
import { type Colours, madeColours, type Palette } from "./palette.js";
import { liftHips, turnBones } from "./posing.js";
import { openArms, shortness } from "./short-arms.js";
import { Painter } from "./textures.js";

/** On a model whose smile closes the mouth, a speaker may smile this much. */
const SPEAKING_FEELING = 0.45;
const SETTLE_STEPS = 30;
/** A thinner line breaks into dots; but in a small picture a line must not eat what it surrounds. */
const LEAST_OUTLINE_PX = 0.8;
const LARGEST_RAISED_SHARE = 0.0034;

/** A material that only draws outlines, and the width it was made with. */
interface Outline {
  material: MToonMaterial;
  width: number;
}

export class VrmBody implements Body {
  readonly scene: Object3D;
  readonly marks: Marks;
  readonly humanoid: VRMHumanoid;
  private readonly _capsFeelings: boolean;
  private readonly _outlines: readonly Outline[];
  /** VRM 0.x bones face the other way, so turns about X and Z change sign. */
  private readonly _facing: 1 | -1;
  /** How much too short the arms are to be seen beside the head, 0…1. */
  private readonly _shortness: number;

  readonly made: Colours;
  private readonly _painter: Painter | null;
  /** What each feeling is called in this file. */
  private readonly _names: Readonly<Record<Emotion, string>>;

  constructor(
    private readonly _vrm: VRM,
    palette: Palette | null = null,
  ) {
    VRMUtils.removeUnnecessaryVertices(_vrm.scene);
    VRMUtils.combineSkeletons(_vrm.scene);
    VRMUtils.combineMorphs(_vrm);
    VRMUtils.rotateVRM0(_vrm);
    this.scene = _vrm.scene;
    this.humanoid = _vrm.humanoid;
    this.made = palette ? madeColours(palette) : {};
    this._painter = palette && new Painter(_vrm.scene, palette);
    this._facing = _vrm.meta.metaVersion === "0" ? -1 : 1;
    this._capsFeelings = freeMouth(_vrm);
    this._outlines = outlines(_vrm.scene);
    this._names = Object.fromEntries(
      EMOTIONS.map((emotion) => [emotion, expressionFor(_vrm, emotion)]),
    ) as Record<Emotion, string>;
    if (_vrm.lookAt) _vrm.lookAt.autoUpdate = false;
    _vrm.scene.traverse((object) => (object.frustumCulled = false));
    this.marks = measure(_vrm);
    this._shortness = shortness(_vrm.humanoid, this.marks);
  }

  apply(pose: Pose): Applied {
    turnBones(this._vrm.humanoid, pose, this._facing);
    openArms(this._vrm.humanoid, this._shortness, this._facing);
    liftHips(this._vrm.humanoid, pose, this._facing);
    const lookAt = this._vrm.lookAt;
    if (lookAt) {
      lookAt.yaw = pose.gaze.yaw_deg;
      lookAt.pitch = -pose.gaze.pitch_deg;
    }
    return this._setFace(pose);
  }

  update(step_s: number): void {
    this._vrm.update(step_s);
  }

  outline(shown: boolean, height_px: number): void {
    // VRMC_materials_mtoon `screenCoordinates`: the width is a share of half the picture's height.
    const least = Math.min(LARGEST_RAISED_SHARE, (2 * LEAST_OUTLINE_PX) / Math.max(1, height_px));
    for (const { material, width } of this._outlines) {
      material.visible = shown;
      if (material.outlineWidthMode === "screenCoordinates")
        material.outlineWidthFactor = Math.max(width, least);
    }
  }

  recolour(colours: Colours): boolean {
    this._painter?.paint(colours);
    return this._painter !== null;
  }

  /** Let hair and clothes fall before anybody looks. */
  settle(pose: Pose): void {
    this.apply(pose);
    this._vrm.update(0);
    this._vrm.springBoneManager?.reset();
    for (let step = 0; step < SETTLE_STEPS; step++) this._vrm.update(1 / 60);
  }

  dispose(): void {
    this.scene.removeFromParent();
    VRMUtils.deepDispose(this.scene);
  }

  /** Tell whether the model can feel with its eyes while its mouth speaks. */
  private _hasHalves(emotion: string): boolean {
    const has = (name: string) => Boolean(this._vrm.expressionManager?.getExpression(name));
    return has(`${emotion}Eyes`) && has(`${emotion}Mouth`);
  }

  private _setFace(pose: Pose): Applied {
    const applied: Applied = {};
    const set = (name: string, value: number) => {
      this._vrm.expressionManager?.setValue(name, value);
      applied[name] = value;
    };
    const capped = this._capsFeelings && pose.speaking;
    const feelings = capped ? capFeelings(pose.feelings, SPEAKING_FEELING) : pose.feelings;
    for (const emotion of EMOTIONS) {
      if (!this._hasHalves(emotion)) set(this._names[emotion], feelings[emotion]);
      else {
        // Lids that a feeling has narrowed have less far to fall: together they would overshoot.
        set(`${emotion}Eyes`, feelings[emotion] * (1 - pose.blink));
        set(`${emotion}Mouth`, feelings[emotion] * mouthLeft(pose));
      }
    }
    const mouth = mouthOf(pose.mouth);
    for (const shape of VRM_MOUTH) set(shape, mouth[shape]);
    set(VRMExpressionPresetName.Blink, pose.blink);
    return applied;
  }
}

/** Tell how much of the mouth the words leave to a feeling: none while the lips are shut. */
function mouthLeft({ speaking, mouth }: Pose): number {
  return speaking ? (0.35 + 0.65 * mouth.sil) * (1 - mouth.PP - mouth.FF) : 1;
}

/**
 * Free the mouth from the emotions; tell whether any of them held it.
 *
 * VRMC_vrm 1.0 `overrideMouth: block` silences the mouth at any weight of the emotion, and most models made with
 * VRoid Studio have it on `happy`: who speaks happily would stop moving her lips.
 */
function freeMouth(vrm: VRM): boolean {
  const holds = (vrm.expressionManager?.expressions ?? []).filter(
    (expression: VRMExpression) => expression.overrideMouth !== "none",
  );
  for (const expression of holds) expression.overrideMouth = "none";
  return holds.length > 0;
}

/** Find the expression of a feeling: a preset, or a custom one of that name (VRM 0.x has no preset for surprise). */
function expressionFor(vrm: VRM, emotion: Emotion): string {
  const manager = vrm.expressionManager;
  if (manager?.getExpression(emotion)) return emotion;
  const custom = Object.keys(manager?.expressionMap ?? {});
  return custom.find((name) => name.toLowerCase() === emotion) ?? emotion;
}

/** Collect the materials that only draw outlines. */
function outlines(scene: Object3D): Outline[] {
  const found: Outline[] = [];
  scene.traverse((object) => {
    const materials =
      object instanceof Mesh ? [object.material as Material | Material[]].flat() : [];
    for (const material of materials)
      if (material instanceof MToonMaterial && material.isOutline)
        found.push({ material, width: material.outlineWidthFactor });
  });
  return found;
}

/** Measure where head, chest and shoulders are. */
function measure(vrm: VRM): Marks {
  vrm.scene.updateWorldMatrix(true, true);
  const box = new Box3().setFromObject(vrm.scene);
  const place = (bone: VRMHumanBoneName) =>
    vrm.humanoid.getRawBoneNode(bone)?.getWorldPosition(new Vector3()) ?? null;
  const head = place("head") ?? box.getCenter(new Vector3());
  const left = place("leftUpperArm");
  const right = place("rightUpperArm");
  return {
    head,
    top_m: box.max.y,
    bottom_m: box.min.y,
    shoulders_m: left && right ? left.distanceTo(right) : (box.max.x - box.min.x) / 3,
  };
}
