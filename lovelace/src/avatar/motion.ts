/** Animations that people bring: VRMC_vrm_animation 1.0 files, laid over the director's pose. */

import { type AnimationClip, type KeyframeTrack, type Object3D, Quaternion, Vector3 } from "three";
import { type GLTF, GLTFLoader } from "three/addons/loaders/GLTFLoader.js";
import {
  EMOTIONS,
  type Feelings,
  type Pose,
  type Quaternion as Turn,
  slerp,
  smoothstep,
} from "../director/index.js";
import { AvatarError } from "./errors.js";
import { fetchModel } from "./file.js";

const FADE_MS = 350;

interface Extension {
  humanoid?: { humanBones?: Record<string, { node?: number } | undefined> };
  expressions?: { preset?: Record<string, { node?: number } | undefined> };
}
type Sampler = (at_s: number) => ArrayLike<number>;

export class Motion {
  readonly duration_ms: number;

  constructor(
    clip: AnimationClip,
    private readonly _turns: ReadonlyMap<string, (at_s: number) => Turn>,
    private readonly _hips: Sampler | null,
    private readonly _feelings: ReadonlyMap<keyof Feelings, Sampler>,
  ) {
    this.duration_ms = clip.duration * 1000;
  }

  /** Lay the motion over a pose; at its ends it fades, so that nothing jumps. */
  lay(pose: Pose, since_ms: number): void {
    const fade = (from_ms: number) => smoothstep(from_ms / FADE_MS);
    const strength = Math.min(fade(since_ms), fade(this.duration_ms - since_ms));
    const at_s = Math.max(0, since_ms) / 1000;
    const bones = pose.bones as Record<string, Turn>;
    for (const [bone, turnAt] of this._turns)
      bones[bone] = slerp(bones[bone] ?? [0, 0, 0, 1], turnAt(at_s), strength);
    if (this._hips) {
      const [x = 0, y = 0, z = 0] = Array.from(this._hips(at_s));
      pose.hips = [x * strength, y * strength, z * strength];
    }
    for (const [emotion, weight] of this._feelings)
      pose.feelings[emotion] = Math.max(pose.feelings[emotion], (weight(at_s)[0] ?? 0) * strength);
  }
}

/** Load a VRM animation. */
export async function loadMotion(url: string, signal: AbortSignal): Promise<Motion> {
  const bytes = await fetchModel(url, signal);
  let gltf: GLTF;
  try {
    gltf = await new GLTFLoader().parseAsync(bytes, "");
  } catch (error) {
    throw new AvatarError("broken", String(error));
  }
  const clip = gltf.animations[0];
  const { extensions } = gltf.parser.json as { extensions?: Record<string, Extension> };
  const extension = extensions?.["VRMC_vrm_animation"];
  if (!clip || !extension) throw new AvatarError("broken", "no animation");
  const nodes = (await gltf.parser.getDependencies("node")) as Object3D[];
  gltf.scene.updateWorldMatrix(true, true);
  return readMotion(clip, extension, nodes);
}

/** Take the tracks of the bones and feelings out of a clip. */
function readMotion(clip: AnimationClip, extension: Extension, nodes: Object3D[]): Motion {
  const track = (node: Object3D | undefined, property: string) =>
    clip.tracks.find((each) => node && each.name === `${node.name}.${property}`);
  const turns = new Map<string, (at_s: number) => Turn>();
  let hips: Sampler | null = null;
  for (const [bone, place] of Object.entries(extension.humanoid?.humanBones ?? {})) {
    const node = nodes[place?.node ?? -1];
    const turned = track(node, "quaternion");
    if (node && turned) turns.set(bone, normalized(node, sampler(turned)));
    const moved = track(node, "position");
    if (node && moved && bone === "hips") hips = fromRest(node, sampler(moved));
  }
  const feelings = new Map<keyof Feelings, Sampler>();
  for (const emotion of EMOTIONS) {
    const place = extension.expressions?.preset?.[emotion];
    const weight = track(nodes[place?.node ?? -1], "position");
    if (weight) feelings.set(emotion, sampler(weight));
  }
  return new Motion(clip, turns, hips, feelings);
}

/** Give a track's value at a time. */
function sampler(track: KeyframeTrack): Sampler {
  const made = track as KeyframeTrack & {
    createInterpolant: () => { evaluate: Sampler };
  };
  const interpolant = made.createInterpolant();
  return (at_s) => interpolant.evaluate(at_s);
}

/** Turn a node's own rotation into that of a normalized bone: parentWorld · q · world⁻¹ of the rest pose. */
function normalized(node: Object3D, rotation: Sampler): (at_s: number) => Turn {
  const parent = node.parent?.getWorldQuaternion(new Quaternion()) ?? new Quaternion();
  const world = node.getWorldQuaternion(new Quaternion()).invert();
  return (at_s) => {
    const q = new Quaternion().fromArray(rotation(at_s)).premultiply(parent).multiply(world);
    return [q.x, q.y, q.z, q.w];
  };
}

/** Measure where the hips are from where they rest, in parts of their height. */
function fromRest(node: Object3D, position: Sampler): Sampler {
  const rest = node.getWorldPosition(new Vector3());
  const height_m = Math.max(0.01, rest.y);
  const parent = node.parent;
  return (at_s) => {
    const now = new Vector3().fromArray(position(at_s));
    if (parent) now.applyMatrix4(parent.matrixWorld);
    now.sub(rest).divideScalar(height_m);
    return [now.x, now.y, now.z];
  };
}
