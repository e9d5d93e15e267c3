/** Put a pose into the normalized bones of a humanoid. */

import type { VRMHumanBoneName, VRMHumanoid } from "@pixiv/three-vrm";
import type { Pose } from "../director/index.js";

/** Turn the bones; VRM 0.x bones face the other way (`facing` −1), so turns about X and Z change sign. */
export function turnBones(humanoid: VRMHumanoid, { bones }: Pose, facing: 1 | -1): void {
  for (const [bone, [x, y, z, w]] of Object.entries(bones)) {
    const node = humanoid.getNormalizedBoneNode(bone as VRMHumanBoneName);
    node?.quaternion.set(x * facing, y, z * facing, w);
  }
}

/** Move the hips from where they rest, in parts of their height: sitting down, jumping. */
export function liftHips(humanoid: VRMHumanoid, { hips }: Pose, facing: 1 | -1): void {
  const node = humanoid.getNormalizedBoneNode("hips");
  const [x = 0, y = 0, z = 0] = humanoid.normalizedRestPose.hips?.position ?? [];
  const [right, up, front] = hips ?? [0, 0, 0];
  node?.position.set(x + facing * right * y, y + up * y, z + facing * front * y);
}
