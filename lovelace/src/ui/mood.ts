/** Her mood as Home Assistant knows it, as a face at rest shows it. */

import type { Feelings } from "../director/index.js";
import type { Hass } from "../ha/hass.js";

/** A mood shows faintly: at its strongest like this. */
const STRONGEST = 0.35;

/** Give what the mood's axes (−1…1) do to a face that feels nothing else. */
export function moodOf(
  hass: Hass | undefined,
  entity: string | null | undefined,
): Partial<Feelings> {
  const { pleasure, arousal } = (entity && hass?.states?.[entity]?.attributes) || {};
  if (typeof pleasure !== "number" || typeof arousal !== "number") return {};
  const good = Math.max(0, pleasure) * STRONGEST;
  const bad = Math.max(0, -pleasure) * STRONGEST;
  return arousal > 0 ? { happy: good, angry: bad * arousal } : { relaxed: good, sad: bad };
}
