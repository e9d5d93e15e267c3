/** Find what of her was touched: only what may be, by the bones behind it. */

import type { VRMHumanBoneName, VRMHumanoid } from "@pixiv/three-vrm";
import { type Camera, Vector3 } from "three";
import type { Touchable } from "../director/index.js";
import type { Marks } from "./body.js";

interface Zone {
  name: Touchable;
  /** The middle of the zone. */
  at: Vector3;
  radius_m: number;
}

/** Give the zone at a place of the picture (−1…1, y upwards); the nearest counts, elsewhere none. */
export function touched(
  humanoid: VRMHumanoid | null,
  marks: Marks,
  camera: Camera,
  x: number,
  y: number,
  aspect: number,
): Touchable | null {
  let [found, best]: [Touchable | null, number] = [null, 1];
  for (const { name, at, radius_m } of zones(humanoid, marks)) {
    const middle = at.clone().project(camera);
    const side = new Vector3(radius_m, 0, 0).applyQuaternion(camera.quaternion).add(at);
    const radius = Math.abs(side.project(camera).x - middle.x) * aspect;
    const distance = Math.hypot((middle.x - x) * aspect, middle.y - y) / Math.max(1e-6, radius);
    if (distance < best) [found, best] = [name, distance];
  }
  return found;
}

/** List the zones of a figure, from where its bones are now. */
function zones(humanoid: VRMHumanoid | null, { top_m, head: made, shoulders_m }: Marks): Zone[] {
  const place = (bone: VRMHumanBoneName) =>
    humanoid?.getRawBoneNode(bone)?.getWorldPosition(new Vector3()) ?? null;
  const head = place("head") ?? made;
  const skull_m = top_m - made.y;
  const above = (metres: number, aside_m = 0) => head.clone().add(new Vector3(aside_m, metres, 0));
  const found: Zone[] = [
    { name: "hair", at: above(0.82 * skull_m), radius_m: 0.42 * skull_m },
    { name: "cheek", at: above(0.22 * skull_m, 0.22 * skull_m), radius_m: 0.18 * skull_m },
    { name: "cheek", at: above(0.22 * skull_m, -0.22 * skull_m), radius_m: 0.18 * skull_m },
  ];
  for (const side of ["left", "right"] as const) {
    const [hand, shoulder] = [place(`${side}Hand`), place(`${side}UpperArm`)];
    if (hand) found.push({ name: "hand", at: hand, radius_m: 0.3 * shoulders_m });
    if (shoulder) found.push({ name: "shoulder", at: shoulder, radius_m: 0.28 * shoulders_m });
  }
  return found;
}
