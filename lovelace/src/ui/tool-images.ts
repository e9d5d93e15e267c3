/** Pictures in what a tool gave: only from this house, nothing is fetched from anywhere else. */

const INLINE = /^data:image\/(png|jpeg|gif|webp|avif);base64,[A-Za-z0-9+/=\s]+$/;
/** What Home Assistant serves pictures from. */
const OURS =
  /^\/(api\/(image_proxy|camera_proxy|image|media_player_proxy|image_upload|ai_task)\/|local\/|media\/local\/)/;
const MOST = 4;
const DEEPEST = 6;

/** Find the addresses of pictures in a result, in their order. */
export function imagesIn(result: unknown, depth = 0): string[] {
  if (typeof result === "string") return isPicture(result) ? [result] : [];
  if (typeof result !== "object" || result === null || depth > DEEPEST) return [];
  const inside = Object.values(result).flatMap((value) => imagesIn(value, depth + 1));
  return inside.slice(0, MOST);
}

function isPicture(text: string): boolean {
  if (INLINE.test(text)) return true;
  // A path may look like ours and climb out of it, so the browser's own reading counts.
  if (!text.startsWith("/") || text.startsWith("//")) return false;
  try {
    const { origin, pathname } = new URL(text, location.origin);
    return origin === location.origin && OURS.test(pathname);
  } catch {
    return false; // "/\\" begins like a path, and is a host without a name.
  }
}
