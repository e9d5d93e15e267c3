/** Fetch a model file and look at it before three.js does. */

import { AvatarError } from "./errors.js";

export const MAX_BYTES = 40 * 1024 * 1024;
/** "glTF" in little endian, glTF 2.0 §4.4.2. */
const GLB_MAGIC = 0x46546c67;
const HEADER_BYTES = 12;

/** Fetch a model; refuse what is missing, too large or no glTF. */
export async function fetchModel(url: string, signal: AbortSignal): Promise<ArrayBuffer> {
  let response: Response;
  try {
    response = await fetch(url, { signal, credentials: "same-origin" });
  } catch (error) {
    if (signal.aborted) throw error;
    throw new AvatarError("unreachable", url);
  }
  if (response.status === 404) throw new AvatarError("not_found", url);
  if (!response.ok) throw new AvatarError("unreachable", `${response.status} ${url}`);
  if (Number(response.headers.get("content-length")) > MAX_BYTES) throw new AvatarError("too_big");
  const bytes = await response.arrayBuffer();
  checkModel(bytes);
  return bytes;
}

/** Refuse bytes that are no complete glTF 2.0 file. */
export function checkModel(bytes: ArrayBuffer): void {
  if (bytes.byteLength > MAX_BYTES) throw new AvatarError("too_big");
  if (bytes.byteLength < HEADER_BYTES) throw new AvatarError("not_gltf");
  const view = new DataView(bytes);
  if (view.getUint32(0, true) !== GLB_MAGIC) {
    // A .gltf is JSON: it begins with a brace, after white space at most.
    const start = new TextDecoder().decode(bytes.slice(0, 64)).trimStart();
    if (!start.startsWith("{")) throw new AvatarError("not_gltf");
    return;
  }
  if (view.getUint32(4, true) !== 2) throw new AvatarError("not_gltf", "version");
  if (view.getUint32(8, true) > bytes.byteLength) throw new AvatarError("broken", "length");
}
