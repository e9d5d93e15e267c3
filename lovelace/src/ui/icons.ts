/** The few signs of the interface, drawn here: Home Assistant's icon element is not there in every view. */

import { svg } from "lit";

/** Draw a path of 24 units as an icon of the text's size and colour. */
function icon(path: string) {
  return svg`<svg viewBox="0 0 24 24" width="20" height="20" fill="none" stroke="currentColor"
    stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d=${path} /></svg>`;
}

export const sendIcon = icon("M12 19V5M5.5 11.5 12 5l6.5 6.5");
export const stopIcon = icon("M7 7h10v10H7z");
export const soundIcon = icon(
  "M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM15.5 9a4.2 4.2 0 0 1 0 6M18 6.5a7.8 7.8 0 0 1 0 11",
);
export const closeIcon = icon("M6 6l12 12M18 6 6 18");
