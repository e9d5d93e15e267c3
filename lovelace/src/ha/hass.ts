/** The part of the frontend's `hass` object that is used here. */

import type { HassConnection } from "./client.js";

export interface Hass {
  connection: HassConnection;
  language?: string;
  locale?: { language: string };
  themes?: { darkMode?: boolean };
}

/** Give the person's language. */
export function languageOf(hass: Hass | undefined): string | undefined {
  return hass?.locale?.language ?? hass?.language;
}
