/** What she leaves on the wall while she sleeps: the time, and when the next timer rings. */

import { css, html, LitElement, nothing } from "lit";
import { property, state } from "lit/decorators.js";
import { clockOf, type RunningTimer } from "../companion/timers.js";
import { define } from "./define.js";
import { timerIcon } from "./icons.js";

export class NightClock extends LitElement {
  static override styles = css`
    :host {
      display: flex;
      flex-direction: column;
      align-items: center;
      color: #fff;
      text-shadow: 0 1px 12px rgba(0, 0, 0, 0.6);
      font-variant-numeric: tabular-nums;
    }
    .now {
      font-size: clamp(48px, 18cqi, 160px);
      font-weight: 300;
      line-height: 1;
    }
    .next {
      display: flex;
      align-items: center;
      gap: 8px;
      margin-top: 8px;
      font-size: 1.2em;
    }
  `;

  @property() language: string | undefined;
  @property({ attribute: false }) timers: readonly RunningTimer[] = [];
  @state() private _now_ms = Date.now();
  private _tick: ReturnType<typeof setTimeout> | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this._wait();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    if (this._tick) clearTimeout(this._tick);
  }

  override updated(changed: Map<string, unknown>): void {
    if (changed.has("timers")) this._wait();
  }

  override render() {
    const next = this.timers.find(({ ends_ms }) => ends_ms !== null);
    const time = new Date(this._now_ms).toLocaleTimeString(this.language, { timeStyle: "short" });
    return html`<time class="now">${time}</time> ${
        next
          ? html`<span class="next">
              ${timerIcon}${next.name ?? ""} <time>${clockOf(next.ends_ms! - this._now_ms)}</time>
            </span>`
          : nothing
      }`;
  }

  /** Draw at the next full minute only, and every second while a timer runs: a wall must not work all night. */
  private _wait(): void {
    if (this._tick) clearTimeout(this._tick);
    const every_ms = this.timers.some(({ ends_ms }) => ends_ms !== null) ? 1000 : 60_000;
    this._now_ms = Date.now();
    this._tick = setTimeout(() => this._wait(), every_ms - (this._now_ms % every_ms) + 5);
  }
}

define("waifu-rt3d-night-clock", NightClock);
