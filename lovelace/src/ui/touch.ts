/** A touch of the figure, told to Home Assistant for automations. */

import type { Hass } from "../ha/hass.js";

export type Place = "head" | "body";

/** The figure is framed from the waist up: its head is in this part of the picture, from the top. */
const HEAD_SHARE = 0.45;

/** Give where in the picture somebody touched. */
export function placeOf(event: { clientY: number }, box: { top: number; height: number }): Place {
  return event.clientY - box.top < box.height * HEAD_SHARE ? "head" : "body";
}

/** Tell that the figure was touched; a house that does not know the command is not bothered again. */
export function tellTouch(
  event: MouseEvent,
  hass: Hass | undefined,
  character: string | undefined,
): void {
  const place = placeOf(event, (event.currentTarget as HTMLElement).getBoundingClientRect());
  void hass?.connection
    .sendMessagePromise({ type: "waifu_rt3d/touch", place, ...(character ? { character } : {}) })
    .catch(() => undefined);
}
