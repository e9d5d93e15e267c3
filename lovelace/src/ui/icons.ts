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
export const microphoneIcon = icon(
  "M12 4a2.5 2.5 0 0 0-2.5 2.5v5a2.5 2.5 0 0 0 5 0v-5A2.5 2.5 0 0 0 12 4zM6.5 11.5a5.5 5.5 0 0 0 11 0M12 17v3.5",
);
export const noMicrophoneIcon = icon(
  "M9.5 9.5v2a2.5 2.5 0 0 0 3.8 2.1M14.5 10V6.5a2.5 2.5 0 0 0-4.7-1.2M6.5 11.5a5.5 5.5 0 0 0 8.6 4.5M17.5 11.5c0 .6-.1 1.2-.3 1.7M12 17v3.5M5 4.5l14 15",
);
export const copyIcon = icon("M9 9h10v11H9zM5 15V4h10");
export const againIcon = icon("M19.5 12a7.5 7.5 0 1 1-2.2-5.3L20 9.2M20 4.5v4.700h-4.700");
export const editIcon = icon("M4.5 19.5l1-4L16 5l3 3L8.5 18.5zM14 7l3 3");
export const backIcon = icon("M14.5 5.5 8 12l6.5 6.5");
export const forthIcon = icon("M9.5 5.5 16 12l-6.5 6.5");
export const homeIcon = icon("M4.500 11 12 4.500 19.500 11M6.500 9.500v9h11v-9");
export const outsideIcon = icon(
  "M7 18h10a3.600 3.600 0 0 0 .5-7.100A5.500 5.500 0 0 0 7 9.600 4.200 4.200 0 0 0 7 18z",
);
export const unsureIcon = icon("M9 9a3 3 0 1 1 4.300 2.700c-.9.5-1.300 1-1.300 2M12 17.500v.3");
export const moreIcon = icon("M6 9.500l6 6 6-6");
export const timerIcon = icon("M12 8v5l3 2M12 20a7 7 0 1 1 0-14 7 7 0 0 1 0 14zM10 3h4");
