/** Ask once in which room this browser hangs: then it follows the satellites of that room. */

import { html, type TemplateResult } from "lit";
import { type Hass, roomsWithSatellites } from "../ha/hass.js";
import { keep, recall } from "./told.js";
import type { Translate } from "./translate.js";

const ASKED = "waifu-rt3d-room-asked";

/** Tell whether the question is to be asked: on a browser that was never asked, where rooms listen. */
export function asksForRoom(hass: Hass | undefined, room: string | null | undefined): boolean {
  return room === undefined && roomsWithSatellites(hass).length > 0 && !recall(ASKED);
}

/** Give the question; a phone moves about and belongs to no room. */
export function roomPrompt(
  hass: Hass | undefined,
  say: Translate,
  choose: (area: string | null) => void,
): TemplateResult {
  const done = (area: string | null) => () => {
    keep(ASKED);
    choose(area);
  };
  return html`<div class="rooms" role="group" aria-label=${say("room_question")}>
    <span>${say("room_question")}</span>
    ${roomsWithSatellites(hass).map(
      ({ id, name }) => html`<button @click=${done(id)}>${name}</button>`,
    )}
    <button @click=${done(null)}>${say("room_none")}</button>
  </div>`;
}
