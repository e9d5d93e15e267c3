/** The line to write or speak in: Enter sends, Shift+Enter breaks the line, Escape stops her. */

import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import { property, query, state } from "lit/decorators.js";
import type { Listener } from "../companion/listener.js";
import { define } from "./define.js";
import { closeIcon, sendIcon, stopIcon } from "./icons.js";
import "./microphone-button.js";
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
      padding: 5px;
      padding-inline-start: 16px;
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
      padding: 11px 0;
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
    .live {
      flex: 1;
      display: flex;
      align-items: center;
      gap: 9px;
      min-width: 0;
      min-height: 44px;
      line-height: 1.25;
    }
    .live i {
      flex: none;
      width: 10px;
      height: 10px;
      border-radius: 50%;
      background: var(--waifu-rt3d-recording, #c62828);
      animation: glow 1.4s infinite ease-in-out;
    }
    .live.armed i {
      background: none;
      box-shadow: inset 0 0 0 2px var(--waifu-rt3d-recording, #c62828);
      animation: none;
    }
    @keyframes glow {
      50% {
        opacity: 0.45;
      }
    }
    @media (prefers-reduced-motion: reduce) {
      .live i {
        animation: none;
      }
    }
    button {
      flex: none;
      display: grid;
      place-items: center;
      width: 44px;
      height: 44px;
      padding: 0;
      border: 0;
      border-radius: 50%;
      cursor: pointer;
      background: var(--dark-primary-color, #0277bd);
      color: #fff;
    }
    button.quiet {
      background: none;
      color: var(--primary-text-color, #111);
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
  @property({ attribute: false }) listener: Listener | null = null;
  /** What the listener does; a change draws the line anew. */
  @property() listening: Listener["state"] = "off";
  /** The microphone can't be had here. */
  @property({ type: Boolean }) barred = false;
  /** What was typed before this line was made. */
  @property({ attribute: false }) draft = "";
  @state() private _text = "";
  @query("textarea") private _field!: HTMLTextAreaElement | null;

  /** Put a text back that could not be sent. */
  restore(text: string): void {
    if (!this._text) this._text = text;
  }

  /** Put a text into the line, to be changed. */
  replace(text: string): void {
    this._text = text;
    void this.updateComplete.then(() => this.focus());
  }

  override focus(): void {
    this._field?.focus();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (!this.hasUpdated) this._text ||= this.draft;
    else if ((changed as Map<string, unknown>).has("_text"))
      this.dispatchEvent(new CustomEvent("draft", { detail: this._text }));
  }

  override updated(): void {
    if (!this._field) return;
    // Growing with the text needs its height without the old limit.
    this._field.style.height = "auto";
    this._field.style.height = `${this._field.scrollHeight}px`;
  }

  override render() {
    const text = this._text.trim();
    const listens = this.listening !== "off";
    return html`<form @submit=${this._submit}>
      ${listens ? this._live() : this._line()} ${text && !listens ? nothing : this._microphone()}
      ${
        this.busy && !text && this.listening !== "recording"
          ? html`<button type="button" aria-label=${this.say("stop")} @click=${this._stop}>
              ${stopIcon}
            </button>`
          : nothing
      }
      ${
        text && !listens
          ? html`<button aria-label=${this.say("send")} ?disabled=${!this._sendable}>
              ${sendIcon}
            </button>`
          : nothing
      }
    </form>`;
  }

  private _line() {
    const label = this.say("type_here", { name: this.name });
    return html`<textarea
      rows="1"
      dir="auto"
      aria-label=${label}
      placeholder=${label}
      enterkeyhint="send"
      .value=${this._text}
      @input=${this._write}
      @keydown=${this._key}
    ></textarea>`;
  }

  /** Say that the microphone is open, and how the speech ends. */
  private _live() {
    const { listening } = this;
    const recording = this.listener?.held ? "let_go" : "speak_now";
    const key = listening === "opening" || listening === "armed" ? listening : recording;
    return html`<div class="live ${listening}" role="status">
        ${listening === "opening" ? nothing : html`<i></i>`}
        <span>${this.say(key)}</span>
      </div>
      <button class="quiet" type="button" aria-label=${this.say("discard")} @click=${this._discard}>
        ${closeIcon}
      </button>`;
  }

  private _microphone() {
    return html`<waifu-rt3d-microphone
      .listener=${this.listener}
      .say=${this.say}
      .state=${this.listening}
      ?barred=${this.barred}
      ?offline=${this.offline}
      @press=${this._pass}
      @release=${this._pass}
    ></waifu-rt3d-microphone>`;
  }

  private get _sendable(): boolean {
    return Boolean(this._text.trim()) && !this.offline;
  }

  private _pass(event: Event): void {
    this.dispatchEvent(new CustomEvent(event.type));
  }

  private _discard(): void {
    this.dispatchEvent(new CustomEvent("discard"));
  }

  private _write(): void {
    this._text = this._field?.value ?? "";
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
