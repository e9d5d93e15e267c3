/** The line to write in: Enter sends, Shift+Enter breaks the line, Escape stops her. */

import { css, html, LitElement } from "lit";
import { property, query, state } from "lit/decorators.js";
import { define } from "./define.js";
import { sendIcon, stopIcon } from "./icons.js";
import { type Translate, translator } from "./translate.js";

export class Composer extends LitElement {
  static override styles = css`
    :host {
      display: block;
    }
    form {
      display: flex;
      align-items: flex-end;
      gap: 6px;
      padding: 5px 5px 5px 16px;
      border-radius: 24px;
      border: 1px solid var(--divider-color, #ccc);
      background: var(--card-background-color, #fff);
      color: var(--primary-text-color, #111);
    }
    form:focus-within {
      border-color: var(--primary-color, #03a9f4);
      box-shadow: 0 0 0 1px var(--primary-color, #03a9f4);
    }
    textarea {
      flex: 1;
      min-width: 0;
      max-height: 7.5em;
      margin: 0;
      padding: 9px 0;
      border: 0;
      outline: 0;
      resize: none;
      background: none;
      color: inherit;
      box-sizing: border-box;
      /* Below 16 px a phone zooms into the page when the field is touched. */
      font-family: inherit;
      font-size: 16px;
      line-height: 22px;
    }
    textarea::placeholder {
      color: var(--secondary-text-color, #666);
      opacity: 1;
    }
    button {
      flex: none;
      display: grid;
      place-items: center;
      width: 40px;
      height: 40px;
      border: 0;
      border-radius: 50%;
      cursor: pointer;
      background: var(--dark-primary-color, #0277bd);
      color: #fff;
    }
    button:disabled {
      cursor: default;
      background: var(--divider-color, #ddd);
      color: var(--secondary-text-color, #777);
    }
    button:focus-visible {
      outline: 2px solid var(--primary-text-color, #111);
      outline-offset: 2px;
    }
  `;

  @property({ type: Boolean }) busy = false;
  @property({ type: Boolean }) offline = false;
  @property() name = "";
  @property({ attribute: false }) say: Translate = translator("en");
  @state() private _text = "";
  @query("textarea") private _field!: HTMLTextAreaElement;

  /** Put a text back that could not be sent. */
  restore(text: string): void {
    if (!this._text) this._text = text;
  }

  override focus(): void {
    this._field.focus();
  }

  override updated(): void {
    // Growing with the text needs its height without the old limit.
    this._field.style.height = "auto";
    this._field.style.height = `${this._field.scrollHeight}px`;
  }

  override render() {
    const label = this.say("type_here", { name: this.name });
    const stops = this.busy && !this._text.trim();
    return html`<form @submit=${this._submit}>
      <textarea
        rows="1"
        aria-label=${label}
        placeholder=${label}
        enterkeyhint="send"
        .value=${this._text}
        @input=${this._write}
        @keydown=${this._key}
      ></textarea>
      ${
        stops
          ? html`<button type="button" aria-label=${this.say("stop")} @click=${this._stop}>
              ${stopIcon}
            </button>`
          : html`<button aria-label=${this.say("send")} ?disabled=${!this._sendable}>
              ${sendIcon}
            </button>`
      }
    </form>`;
  }

  private get _sendable(): boolean {
    return Boolean(this._text.trim()) && !this.offline;
  }

  private _write(): void {
    this._text = this._field.value;
  }

  private _key(event: KeyboardEvent): void {
    // Enter also accepts a candidate of an input method; that is no order to send.
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) this._submit(event);
  }

  private _submit(event: Event): void {
    event.preventDefault();
    if (!this._sendable) return;
    const text = this._text.trim();
    this._text = "";
    this.dispatchEvent(new CustomEvent("send", { detail: text }));
  }

  private _stop(): void {
    this.dispatchEvent(new CustomEvent("stop"));
    this.focus();
  }
}

define("waifu-rt3d-composer", Composer);
