/** One character has one body: in which room she is, and in which room this browser hangs. */

import type { Turn } from "../ha/conversation.js";

const KEY = "waifu-rt3d-room";
/** When nobody has spoken to her for so long she is at home in every room again. */
export const AT_HOME_AFTER_MS = 5 * 60_000;

interface Place {
  area: string;
  at_ms: number;
}

export class Whereabouts {
  private readonly _places = new Map<string, Place>();

  /** Give the room of this browser: null is none, undefined was never asked. */
  get room(): string | null | undefined {
    try {
      const known = localStorage.getItem(KEY);
      return known === null ? undefined : known || null;
    } catch {
      return null; // A private window asks nobody.
    }
  }

  /** Remember in which room this browser hangs; null for one that moves about. */
  choose(area: string | null): void {
    try {
      localStorage.setItem(KEY, area ?? "");
    } catch {
      // Then it is asked again next time.
    }
  }

  /** Take where she is spoken to. */
  follow({ character, area }: Pick<Turn, "character" | "area">, now_ms = Date.now()): void {
    if (character && area) this._places.set(character, { area, at_ms: now_ms });
  }

  /** Give the room in which she is instead of this one; null when she is here. */
  elsewhere(
    character: string,
    room: string | null | undefined,
    now_ms = Date.now(),
  ): string | null {
    const place = this._places.get(character);
    if (!room || !place || place.area === room) return null;
    return now_ms - place.at_ms < AT_HOME_AFTER_MS ? place.area : null;
  }
}

/** Tell whether what is said belongs into a room: a satellite's talk stays in its own. */
export function belongsTo({ origin, area }: Turn, room: string | null | undefined): boolean {
  return origin === "card" || !room || !area || area === room;
}
