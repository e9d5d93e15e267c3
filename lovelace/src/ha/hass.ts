/** The part of the frontend's `hass` object that is used here. */

import type { HassConnection } from "./client.js";

export interface Hass {
  connection: HassConnection;
  language?: string;
  locale?: { language: string };
  themes?: { darkMode?: boolean };
  config?: { version?: string };
  user?: { id?: string; is_admin?: boolean };
  states?: Readonly<Record<string, { state: string; attributes: Record<string, unknown> }>>;
  /** The entity registry, as far as every user may see it. */
  entities?: Readonly<Record<string, { platform?: string }>>;
}

/** Give the person's language. */
export function languageOf(hass: Hass | undefined): string | undefined {
  return hass?.locale?.language ?? hass?.language;
}
