import { describe, expect, test } from "vitest";
import { channelFor } from "../../src/avatar/morphs.js";
import { humanBoneNamed } from "../../src/avatar/skeleton.js";
import { noWeights, type Pose, spokenPose } from "../../src/director/index.js";

describe("a bone", () => {
  test.each([
    ["mixamorig:Hips", "hips"],
    ["mixamorigLeftForeArm", "leftLowerArm"],
    ["mixamorig:RightUpLeg", "rightUpperLeg"],
    ["LeftArm", "leftUpperArm"],
    ["J_Bip_L_UpperArm", "leftUpperArm"],
    ["J_Bip_C_Head", "head"],
    ["J_Bip_C_UpperChest", "upperChest"],
    ["Bip001 R Forearm", "rightLowerArm"],
    ["upperarm_l", "leftUpperArm"],
    ["clavicle_r", "rightShoulder"],
    ["thigh.L", "leftUpperLeg"],
    ["DEF-forearm.R", "rightLowerArm"],
    ["Pelvis", "hips"],
    ["Neck", "neck"],
    ["right_hand", "rightHand"],
  ])("named %s is the %s", (name, bone) => {
    expect(humanBoneNamed(name)).toBe(bone);
  });

  test.each(["Hair_L", "LeftHandIndex1", "twist_upperarm_l_01", "Root", "", "Cube.001", "lamp"])(
    "named %s is none",
    (name) => {
      expect(humanBoneNamed(name)).toBeNull();
    },
  );
});

describe("a morph target", () => {
  const pose: Pose = { ...spokenPose(null, null), mouth: { ...noWeights(), aa: 1 }, blink: 0.5 };
  test.each([
    ["viseme_aa", 1],
    ["vrc.v_aa", 1],
    ["Face.M_F00_Fcl_MTH_A", 1],
    ["A", 1],
    ["あ", 1],
    ["jawOpen", 0.8],
    ["viseme_PP", 0],
    ["eyeBlinkLeft", 0.5],
    ["Blink", 0.5],
  ])("named %s moves by %d", (name, value) => {
    expect(channelFor(name)!(pose)).toBeCloseTo(value);
  });

  test.each(["breast_size", "Key 1", "Basis", ""])("named %s stays", (name) => {
    expect(channelFor(name)).toBeNull();
  });
});
