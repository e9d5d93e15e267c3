/** Fetch a model file and look at it before three.js does. */

import { checkContainer } from "./container.js";
import { AvatarError } from "./errors.js";

export const MAX_BYTES = 40 * 1024 * 1024;

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
  checkContainer(bytes);
}
