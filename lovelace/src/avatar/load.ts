/** From a file's bytes to a body on the stage. */

import { type VRM, VRMLoaderPlugin } from "@pixiv/three-vrm";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";
import "../director/gestures/index.js";
import { spokenPose } from "../director/index.js";
import type { Body } from "./body.js";
import { AvatarError } from "./errors.js";
import { fetchModel } from "./file.js";
import type { Palette } from "./palette.js";
import { PlainBody } from "./plain-body.js";
import { reduceTextures } from "./textures.js";
import { VrmBody } from "./vrm-body.js";

/** Load a VRM 0.x, VRM 1.0, GLB or glTF file. */
export async function loadBody(url: string, signal: AbortSignal): Promise<Body> {
  const bytes = await fetchModel(url, signal);
  const gltf = await parse(bytes, url);
  signal.throwIfAborted();
  const vrm = gltf.userData["vrm"] as VRM | undefined;
  if (!vrm) {
    if (claimsVrm(gltf.parser.json as { extensionsUsed?: string[] }))
      throw new AvatarError("no_humanoid");
    await reduceTextures(gltf.scene);
    return new PlainBody(gltf.scene);
  }
  await reduceTextures(vrm.scene);
  const body = new VrmBody(vrm, paletteOf(gltf.parser.json));
  body.settle(spokenPose(null, null));
  return body;
}

/** Give what our own figures say of their palette picture. */
function paletteOf(json: unknown): Palette | null {
  const { extras } = json as { extras?: { palette?: Palette } };
  return Array.isArray(extras?.palette?.columns) ? extras.palette : null;
}

/** Let three.js read the file; whatever it trips over, the file is broken. */
async function parse(bytes: ArrayBuffer, url: string) {
  const loader = new GLTFLoader();
  loader.register((parser) => new VRMLoaderPlugin(parser));
  try {
    return await loader.parseAsync(bytes, url.slice(0, url.lastIndexOf("/") + 1));
  } catch (error) {
    throw new AvatarError("broken", error instanceof Error ? error.message : String(error));
  }
}

/** Tell whether a file says that it is a VRM. */
function claimsVrm(json: { extensionsUsed?: string[] }): boolean {
  return (json.extensionsUsed ?? []).some((name) => name === "VRM" || name === "VRMC_vrm");
}
