/** A sentence at the lower edge, with one thing that can be done about it. */

import { css, html, LitElement, nothing } from "lit";
import { state } from "lit/decorators.js";
import { define } from "../../ui/define.js";

export interface ToastWords {
  text: string;
  action?: { label: string; act: () => void };
  /** How long it stays; whoever points at it keeps it. */
  stays_ms?: number;
}

const STAYS_MS = 8000;

export class Toast extends LitElement {
  static override styles = css`
    :host {
      position: fixed;
      z-index: 9;
      inset-inline: 12px;
      bottom: max(16px, env(safe-area-inset-bottom));
      pointer-events: none;
    }
    div {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 4px 12px;
      width: fit-content;
      max-width: min(36em, 100%);
      box-sizing: border-box;
      margin: 0 auto;
      padding: 8px 10px 8px 18px;
      border-radius: 14px;
      line-height: 1.4;
      pointer-events: auto;
      background: #2a2833;
      color: #fff;
      box-shadow: 0 4px 18px rgba(0, 0, 0, 0.35);
    }
    span {
      flex: 1 1 12em;
      padding: 6px 0;
      overflow-wrap: anywhere;
    }
    button {
      min-height: 44px;
      padding: 0 14px;
      border: 0;
      border-radius: 10px;
      font: inherit;
      font-weight: 600;
      cursor: pointer;
      background: none;
      color: #ffd98a;
    }
    button:focus-visible {
      outline: 2px solid #ffd98a;
    }
  `;

  @state() private _words: ToastWords | null = null;
  private _timer: ReturnType<typeof setTimeout> | null = null;

  show(words: ToastWords): void {
    this._words = words;
    this._wait();
  }

  override render() {
    const words = this._words;
    return html`<div
      role="status"
      aria-live="polite"
      ?hidden=${!words}
      style=${words ? "" : "display:none"}
      @pointerenter=${this._hold}
      @focusin=${this._hold}
      @pointerleave=${this._wait}
      @focusout=${this._wait}
    >
      ${words ? html`<span>${words.text}</span>` : nothing}
      ${words?.action ? html`<button @click=${this._act}>${words.action.label}</button>` : nothing}
    </div>`;
  }

  private _act(): void {
    const action = this._words?.action;
    this._words = null;
    action?.act();
  }

  private _hold(): void {
    if (this._timer) clearTimeout(this._timer);
  }

  private _wait(): void {
    this._hold();
    this._timer = setTimeout(() => (this._words = null), this._words?.stays_ms ?? STAYS_MS);
  }
}

define("waifu-rt3d-toast", Toast);

/** Show a sentence, in the frame of the page that an element stands in. */
export function showToast(from: Element, words: ToastWords): void {
  from.dispatchEvent(
    new CustomEvent("waifu-rt3d-toast", { detail: words, bubbles: true, composed: true }),
  );
}

declare global {
  interface HTMLElementTagNameMap {
    "waifu-rt3d-toast": Toast;
  }
}
