/** The button to speak with: hold it, or tap it; its ring shows how loud it is. */

import { css, html, LitElement, type PropertyValues } from "lit";
import { property, query } from "lit/decorators.js";
import type { Listener } from "../companion/listener.js";
import { define } from "./define.js";
import { microphoneIcon, noMicrophoneIcon } from "./icons.js";
import { type Translate, translator } from "./translate.js";

/** Speech close to a tablet has a level of about a tenth; the ring is full there. */
const FULL_LEVEL = 0.12;

export class MicrophoneButton extends LitElement {
  static override styles = css`
    :host {
      display: block;
      position: relative;
      width: 44px;
      height: 44px;
      flex: none;
    }
    button {
      position: relative;
      display: grid;
      place-items: center;
      width: 100%;
      height: 100%;
      padding: 0;
      border: 0;
      border-radius: 50%;
      cursor: pointer;
      background: var(--waifu-rt3d-button, transparent);
      color: var(--primary-text-color, #111);
      /* A long press must not select, drag or open a menu. */
      touch-action: none;
      user-select: none;
      -webkit-user-select: none;
      -webkit-touch-callout: none;
    }
    button.barred {
      color: var(--secondary-text-color, #666);
    }
    button.recording {
      background: var(--waifu-rt3d-recording, #c62828);
      color: #fff;
    }
    button.armed {
      color: var(--waifu-rt3d-recording, #c62828);
      box-shadow: inset 0 0 0 2px currentColor;
    }
    button:disabled {
      cursor: default;
      opacity: 0.5;
    }
    button:focus-visible {
      outline: 2px solid var(--primary-text-color, #111);
      outline-offset: 2px;
    }
    .ring {
      position: absolute;
      inset: 0;
      border-radius: 50%;
      background: var(--waifu-rt3d-recording, #c62828);
      opacity: 0;
      pointer-events: none;
    }
  `;

  @property({ attribute: false }) listener: Listener | null = null;
  /** What the listener does, so that a change draws it anew. */
  @property() state: Listener["state"] = "off";
  /** The microphone can't be had here; a press says why. */
  @property({ type: Boolean }) barred = false;
  @property({ type: Boolean }) offline = false;
  @property({ attribute: false }) say: Translate = translator("en");
  @query(".ring") private _ring!: HTMLElement;
  private _request = 0;
  private _pointer: number | null = null;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    cancelAnimationFrame(this._request);
    this._request = 0;
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.has("state")) this._draw();
  }

  override render() {
    const label = this.barred ? "microphone_why" : this.state === "recording" ? "done" : "speak";
    return html`<div class="ring"></div>
      <button
        class=${this.barred ? "barred" : this.state}
        aria-label=${this.say(label)}
        title=${this.say(label)}
        aria-pressed=${this.state === "recording" ? "true" : "false"}
        ?disabled=${this.offline}
        @pointerdown=${this._down}
        @pointerup=${this._up}
        @pointercancel=${this._up}
        @contextmenu=${(event: Event) => event.preventDefault()}
        @keydown=${this._key}
        @keyup=${this._key}
        @click=${this._click}
      >
        ${this.barred ? noMicrophoneIcon : microphoneIcon}
      </button>`;
  }

  private _down(event: PointerEvent): void {
    if (event.button !== 0) return;
    // The finger may slide off the button while it is held.
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    this._pointer = event.pointerId;
    this._tell("press");
  }

  private _up(event: PointerEvent): void {
    if (this._pointer !== event.pointerId) return;
    this._pointer = null;
    this._tell("release");
  }

  /** Space works as a finger does: hold it or tap it. */
  private _key(event: KeyboardEvent): void {
    if (event.key !== " ") return;
    event.preventDefault();
    event.stopPropagation();
    if (event.repeat) return;
    this._tell(event.type === "keydown" ? "press" : "release");
  }

  /** Enter and screen readers click without a pointer. */
  private _click(event: MouseEvent): void {
    if (event.detail !== 0) return;
    this._tell("press");
    this._tell("release");
  }

  private _tell(name: "press" | "release"): void {
    this.dispatchEvent(new CustomEvent(name));
  }

  /** Let the ring follow the voice while the microphone is open. */
  private _draw(): void {
    cancelAnimationFrame(this._request);
    const open = this.state === "recording" || this.state === "armed";
    const level = open ? Math.min(1, (this.listener?.level ?? 0) / FULL_LEVEL) : 0;
    this._ring.style.opacity = open ? "0.28" : "0";
    this._ring.style.transform = `scale(${(1 + 0.55 * Math.sqrt(level)).toFixed(3)})`;
    if (open) this._request = requestAnimationFrame(() => this._draw());
  }
}

define("waifu-rt3d-microphone", MicrophoneButton);
