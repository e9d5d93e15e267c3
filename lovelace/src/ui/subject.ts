/** What the answer of the moment is about: it stays beside her while it is said, and for a while after. */

import { html, nothing, type ReactiveController, type ReactiveControllerHost } from "lit";
import type { Companion } from "../companion/companion.js";
import { belongsTo } from "../companion/whereabouts.js";
import type { RunningTimer } from "../companion/timers.js";
import type { Turn } from "../ha/conversation.js";
import type { Hass } from "../ha/hass.js";
import type { Translate } from "./translate.js";

const STAYS_MS = 15_000;

export class Subject implements ReactiveController {
  private _turn: Turn | null = null;
  private _fading: ReturnType<typeof setTimeout> | null = null;

  constructor(private readonly _host: ReactiveControllerHost) {
    _host.addController(this);
  }

  get entities(): readonly string[] {
    return this._turn?.touched ?? [];
  }

  hostDisconnected(): void {
    if (this._fading) clearTimeout(this._fading);
    this._turn = null;
  }

  /** Take the newest answer that is about something; one of before has no place here. */
  follow(companion: Companion, room: string | null | undefined): void {
    const latest = companion.conversation.latest;
    if (!latest?.touched.length || latest === this._turn || latest.state === "heard") return;
    if (!belongsTo(latest, room)) return;
    this._turn = latest;
    this._wait(companion, latest);
  }

  private _wait(companion: Companion, turn: Turn): void {
    if (this._fading) clearTimeout(this._fading);
    this._fading = setTimeout(() => {
      const heard = companion.performance?.turn_id === turn.id;
      if (heard || turn.state !== "heard") this._wait(companion, turn);
      else this._turn = null;
      this._host.requestUpdate();
    }, STAYS_MS);
  }
}

/** Draw tiles and timers, where there are any; their code comes only then. */
export function besideHer(
  hass: Hass | undefined,
  entities: readonly string[],
  timers: readonly RunningTimer[],
  say: Translate,
  end: (timer_id: string) => void,
) {
  if (!entities.length && !timers.length) return nothing;
  void import("./beside.js");
  return html`<waifu-rt3d-beside
    .hass=${hass}
    .entities=${entities}
    .timers=${timers}
    .say=${say}
    @end=${({ detail }: CustomEvent<string>) => end(detail)}
  ></waifu-rt3d-beside>`;
}
