/** What an answer is about, beside her: Home Assistant's own tiles, and the timers that run. */

import { css, html, LitElement, type PropertyValues } from "lit";
import { property, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { clockOf, type RunningTimer } from "../companion/timers.js";
import type { Hass } from "../ha/hass.js";
import { define } from "./define.js";
import { closeIcon, timerIcon } from "./icons.js";
import { type Translate, translator } from "./translate.js";

interface Helpers {
  createCardElement(config: Record<string, unknown>): HTMLElement & { hass?: Hass };
}

declare global {
  interface Window {
    loadCardHelpers?: () => Promise<Helpers>;
  }
}

/** Cards of Home Assistant that show more of an entity than a tile does. */
const RICHER: Readonly<Record<string, Record<string, unknown>>> = {
  weather: { type: "weather-forecast", show_forecast: false },
  camera: { type: "picture-entity", camera_view: "auto", show_state: false },
  image: { type: "picture-entity", show_state: false },
  todo: { type: "todo-list", hide_completed: true },
};
const MOST = 4;

export class Beside extends LitElement {
  static override styles = css`
    :host {
      display: flex;
      flex-direction: var(--waifu-rt3d-beside, column);
      gap: 8px;
      /* Shadows would be cut off at the edge. */
      padding: 4px;
      scrollbar-width: none;
    }
    .tile,
    .timer {
      flex: 1 0 auto;
      min-width: min(200px, 43cqi);
      box-sizing: border-box;
    }
    .tile {
      border-radius: var(--ha-card-border-radius, 12px);
      animation: appear 0.3s ease-out;
    }
    .plain,
    .timer {
      display: flex;
      align-items: center;
      gap: 8px;
      min-height: 44px;
      padding: 0 6px 0 14px;
      border-radius: 14px;
      background: var(--card-background-color, #fff);
      color: var(--primary-text-color, #111);
      box-shadow: 0 1px 4px rgba(0, 0, 0, 0.2);
    }
    .plain {
      padding-inline-end: 14px;
    }
    .plain span:first-child,
    .timer span {
      flex: 1;
      min-width: 0;
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    .timer time {
      font-variant-numeric: tabular-nums;
      font-weight: 500;
    }
    .timer.still time {
      opacity: 0.6;
    }
    button {
      display: grid;
      place-items: center;
      flex: none;
      width: 40px;
      height: 40px;
      padding: 0;
      border: 0;
      border-radius: 50%;
      cursor: pointer;
      background: none;
      color: inherit;
    }
    button:focus-visible {
      outline: 2px solid var(--primary-color, #03a9f4);
      outline-offset: -2px;
    }
    @keyframes appear {
      from {
        opacity: 0;
        transform: translateY(8px);
      }
    }
    @media (prefers-reduced-motion: reduce) {
      .tile {
        animation: none;
      }
    }
  `;

  @property({ attribute: false }) hass?: Hass;
  @property({ attribute: false }) entities: readonly string[] = [];
  @property({ attribute: false }) timers: readonly RunningTimer[] = [];
  @property({ attribute: false }) say: Translate = translator("en");
  @state() private _helpers: Helpers | null = null;
  @state() private _now_ms = Date.now();
  private readonly _tiles = new Map<string, HTMLElement & { hass?: Hass }>();
  private _tick: ReturnType<typeof setInterval> | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    // On a page outside Lovelace there are no cards; then there are names and states.
    void window.loadCardHelpers?.().then((helpers) => (this._helpers = helpers));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this._count(false);
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("timers")) this._count(this.timers.some(({ ends_ms }) => ends_ms !== null));
    if (changed.has("hass")) for (const tile of this._tiles.values()) tile.hass = this.hass!;
  }

  override render() {
    const known = this.entities.filter((id) => this.hass?.states?.[id]).slice(0, MOST);
    return html`${repeat(
      this.timers,
      ({ id }) => id,
      (timer) => this._timer(timer),
    )}
    ${repeat(
      known,
      (id) => id,
      (id) => html`<div class="tile">${this._helpers ? this._tile(id) : this._plain(id)}</div>`,
    )}`;
  }

  private _tile(entity: string): HTMLElement {
    let tile = this._tiles.get(entity);
    if (!tile) {
      const config = RICHER[entity.split(".")[0]!] ?? { type: "tile" };
      tile = this._helpers!.createCardElement({ ...config, entity });
      this._tiles.set(entity, tile);
    }
    tile.hass = this.hass!;
    return tile;
  }

  private _plain(entity: string) {
    const { state, attributes } = this.hass!.states![entity]!;
    const name = attributes["friendly_name"];
    return html`<div class="plain">
      <span>${typeof name === "string" ? name : entity}</span><span>${state}</span>
    </div>`;
  }

  private _timer({ id, name, seconds_left, ends_ms }: RunningTimer) {
    const left_ms = ends_ms === null ? 1000 * seconds_left : ends_ms - this._now_ms;
    const label = name ?? this.say("timer");
    return html`<div class="timer ${ends_ms === null ? "still" : ""}">
      ${timerIcon}<span>${label}</span><time>${clockOf(left_ms)}</time>
      <button
        aria-label=${this.say("timer_stop", { name: label })}
        title=${this.say("timer_stop", { name: label })}
        @click=${() => this.dispatchEvent(new CustomEvent("end", { detail: id }))}
      >
        ${closeIcon}
      </button>
    </div>`;
  }

  /** Count down once a second while something runs. */
  private _count(on: boolean): void {
    if (this._tick) clearInterval(this._tick);
    this._tick = on ? setInterval(() => (this._now_ms = Date.now()), 1000) : null;
    this._now_ms = Date.now();
  }
}

define("waifu-rt3d-beside", Beside);
