/** Find the body in a glTF without VRM data, where its bones have the names that tools give them. */

import { VRMHumanoid, type VRMHumanBoneName, type VRMHumanBones } from "@pixiv/three-vrm";
import { type Object3D, Quaternion, Vector3 } from "three";

/** Without these a body can't be posed, and stands as it was made. */
const NEEDED: readonly VRMHumanBoneName[] = [
  "hips",
  "spine",
  "head",
  "leftUpperArm",
  "leftLowerArm",
  "rightUpperArm",
  "rightLowerArm",
];

/**
 * Names without side, prefix and separators: Mixamo and Ready Player Me (LeftForeArm), VRoid Studio (J_Bip_L_LowerArm),
 * Unreal (lowerarm_l), Rigify (forearm.L), 3ds Max Biped (Bip001 L Forearm).
 */
const MIDDLE: Readonly<Record<string, VRMHumanBoneName>> = {
  hips: "hips",
  hip: "hips",
  pelvis: "hips",
  spine: "spine",
  spine01: "spine",
  spine1: "chest",
  spine02: "chest",
  spine001: "chest",
  chest: "chest",
  spine2: "upperChest",
  spine03: "upperChest",
  spine002: "upperChest",
  upperchest: "upperChest",
  neck: "neck",
  neck01: "neck",
  head: "head",
};
const SIDED: Readonly<Record<string, string>> = {
  shoulder: "Shoulder",
  clavicle: "Shoulder",
  collar: "Shoulder",
  arm: "UpperArm",
  upperarm: "UpperArm",
  forearm: "LowerArm",
  lowerarm: "LowerArm",
  hand: "Hand",
  wrist: "Hand",
  upleg: "UpperLeg",
  upperleg: "UpperLeg",
  thigh: "UpperLeg",
  leg: "LowerLeg",
  lowerleg: "LowerLeg",
  shin: "LowerLeg",
  calf: "LowerLeg",
  foot: "Foot",
  ankle: "Foot",
  eye: "Eye",
};
const PREFIX = /^(?:mixamorig\d*|bip\d*|jbipc?|armature|def|org|c|jnt|bone)(?=[a-z])/;

/** Give a bone's place in a human body; null where its name says none. */
export function humanBoneNamed(name: string): VRMHumanBoneName | null {
  const { side, bare } = sideOf(name);
  const plain = bare.toLowerCase().replace(/[^a-z0-9]/g, "");
  for (const word of [plain, plain.replace(PREFIX, "")]) {
    const part = SIDED[word];
    if (side && part) return `${side}${part}` as VRMHumanBoneName;
    if (!side && MIDDLE[word]) return MIDDLE[word];
  }
  return null;
}

/** Take the side out of a name. */
function sideOf(name: string): { side: "left" | "right" | null; bare: string } {
  const word = /left|right/i.exec(name);
  if (word) {
    const bare = name.replace(/left|right/i, "");
    return { side: word[0].toLowerCase() as "left" | "right", bare };
  }
  const letter = /(?:^|[_. ])([lr])(?=$|[_. \d])/i.exec(name);
  if (!letter) return { side: null, bare: name };
  const at = letter.index + letter[0].length;
  return {
    side: letter[1]!.toLowerCase() === "l" ? "left" : "right",
    bare: name.slice(0, at - 1) + name.slice(at),
  };
}

/** Make a humanoid of a figure's bones; null where they are not all there. */
export function mapSkeleton(scene: Object3D): VRMHumanoid | null {
  const bones: Partial<Record<VRMHumanBoneName, { node: Object3D }>> = {};
  scene.traverse((node) => {
    const bone = humanBoneNamed(node.name);
    // The first one counts: what comes below it are twist bones and props.
    if (bone && !("isMesh" in node)) bones[bone] ??= { node };
  });
  if (!NEEDED.every((bone) => bones[bone])) return null;
  spread(scene, bones);
  const humanoid = new VRMHumanoid(bones as VRMHumanBones);
  scene.add(humanoid.normalizedHumanBonesRoot);
  return humanoid;
}

/** Stretch the arms to the sides: every pose is measured from there, and many figures are made with hanging arms. */
function spread(scene: Object3D, bones: Partial<VRMHumanBones>): void {
  for (const side of ["left", "right"] as const) {
    const aside = new Vector3(side === "left" ? 1 : -1, 0, 0);
    const chain = (["UpperArm", "LowerArm", "Hand"] as const).map(
      (part) => bones[`${side}${part}`]?.node,
    );
    for (let at = 0; at + 1 < chain.length; at++) {
      const [node, child] = [chain[at], chain[at + 1]];
      if (node && child) point(scene, node, child, aside);
    }
  }
}

/** Turn a bone so that its child lies in a direction of the world. */
function point(scene: Object3D, node: Object3D, child: Object3D, direction: Vector3): void {
  scene.updateWorldMatrix(true, true);
  const now = child
    .getWorldPosition(new Vector3())
    .sub(node.getWorldPosition(new Vector3()))
    .normalize();
  const turn = new Quaternion().setFromUnitVectors(now, direction);
  const world = node.getWorldQuaternion(new Quaternion());
  const parent = node.parent!.getWorldQuaternion(new Quaternion());
  node.quaternion.copy(parent.invert().multiply(turn).multiply(world));
}
