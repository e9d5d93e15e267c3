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
  /** The registries, as far as every user may see them. */
  entities?: Readonly<Record<string, { platform?: string; device_id?: string; area_id?: string }>>;
  devices?: Readonly<Record<string, { area_id?: string | null }>>;
  areas?: Readonly<Record<string, { name: string }>>;
}

export interface Room {
  id: string;
  name: string;
}

/** Give the person's language. */
export function languageOf(hass: Hass | undefined): string | undefined {
  return hass?.locale?.language ?? hass?.language;
}

/** Give the rooms in which a satellite listens, ours or another. */
export function roomsWithSatellites(hass: Hass | undefined): Room[] {
  const ids = Object.entries(hass?.entities ?? {})
    .filter(([entity_id]) => entity_id.startsWith("assist_satellite."))
    .map(([, { area_id, device_id }]) => area_id ?? hass?.devices?.[device_id ?? ""]?.area_id);
  return [...new Set(ids)]
    .flatMap((id) => (id && hass?.areas?.[id] ? [{ id, name: hass.areas[id].name }] : []))
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** Give the name of a room, its id where it is not known. */
export function roomName(hass: Hass | undefined, area: string): string {
  return hass?.areas?.[area]?.name ?? area;
}
