/** The conversation as text: what was said, what is being said, and the word that sounds now. */

import { css, html, LitElement, nothing } from "lit";
import { property } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { alignOffsets, type SpokenWord } from "../director/index.js";
import { displayOf, speechOf, type Turn } from "../ha/conversation.js";
import type { Session, StoredMessage } from "../ha/history.js";
import { define } from "./define.js";
import { againIcon, backIcon, copyIcon, editIcon, forthIcon } from "./icons.js";
import { isKey, type Key, type Translate, translator } from "./translate.js";

/** What a person wants with something that was said. */
export type ChatAct =
  { kind: "edit" | "regenerate"; turn: Turn } | { kind: "walk"; message_id: number };

/** Whoever has scrolled up further than this is reading, and is left there. */
const NEAR_END_PX = 60;

export class Chat extends LitElement {
  static override styles = css`
    :host {
      display: flex;
      flex-direction: column;
      overflow-y: auto;
      overscroll-behavior: contain;
      color: var(--primary-text-color, #111);
    }
    ol {
      display: flex;
      flex-direction: column;
      gap: 10px;
      box-sizing: border-box;
      flex: 1 0 auto;
      margin: 0;
      padding: 14px;
      list-style: none;
      justify-content: flex-end;
    }
    li {
      display: flex;
      flex-direction: column;
      gap: 8px;
    }
    p {
      margin: 0;
      padding: 9px 14px;
      border-radius: 18px;
      max-width: min(85%, 44em);
      width: fit-content;
      box-sizing: border-box;
      line-height: 1.45;
      overflow-wrap: anywhere;
    }
    p > span {
      white-space: pre-wrap;
    }
    .mine {
      align-self: flex-end;
      border-end-end-radius: 5px;
      background: rgba(var(--rgb-primary-color, 3, 169, 244), 0.2);
    }
    .partial {
      opacity: 0.75;
    }
    .hers {
      align-self: flex-start;
      border-end-start-radius: 5px;
      background: var(--secondary-background-color, #eee);
    }
    .quiet,
    .empty {
      padding: 0 6px;
      font-size: 0.85em;
      color: var(--secondary-text-color, #666);
      background: none;
    }
    .empty {
      align-self: center;
      margin: auto;
    }
    .acts {
      display: flex;
      align-items: center;
      gap: 2px;
      margin-top: -6px;
      font-size: 0.8em;
      color: var(--secondary-text-color, #666);
    }
    .acts.own {
      align-self: flex-end;
    }
    .acts time {
      padding: 0 6px;
    }
    .acts button {
      display: grid;
      place-items: center;
      width: 36px;
      height: 36px;
      padding: 0;
      border: 0;
      border-radius: 50%;
      cursor: pointer;
      background: none;
      color: inherit;
    }
    .acts svg {
      width: 16px;
      height: 16px;
    }
    .acts button:disabled {
      opacity: 0.35;
      cursor: default;
    }
    .acts button:focus-visible,
    select:focus-visible {
      outline: 2px solid var(--primary-color, #03a9f4);
      outline-offset: -2px;
    }
    select {
      position: sticky;
      z-index: 1;
      top: 0;
      flex: none;
      width: 100%;
      min-height: 36px;
      padding: 0 12px;
      /* A bar of its own: messages pass under it, and none looks like it. */
      border: 0;
      border-bottom: 1px solid var(--divider-color, #ddd);
      font: inherit;
      font-size: 0.9em;
      text-overflow: ellipsis;
      background: var(--card-background-color, #fff);
      color: var(--secondary-text-color, #555);
    }
    .error {
      color: var(--error-color, #db4437);
    }
    mark {
      color: inherit;
      border-radius: 4px;
      background: rgba(var(--rgb-primary-color, 3, 169, 244), 0.3);
      box-shadow: 0 0 0 2px rgba(var(--rgb-primary-color, 3, 169, 244), 0.3);
    }
    .dots i {
      display: inline-block;
      width: 7px;
      height: 7px;
      margin-inline-end: 4px;
      border-radius: 50%;
      background: var(--secondary-text-color, #666);
      animation: breathe 1.2s infinite ease-in-out;
    }
    .dots i:nth-child(2) {
      animation-delay: 0.15s;
    }
    .dots i:nth-child(3) {
      animation-delay: 0.3s;
    }
    @keyframes breathe {
      0%,
      70%,
      100% {
        opacity: 0.25;
      }
      35% {
        opacity: 1;
      }
    }
    @media (prefers-reduced-motion: reduce) {
      .dots i {
        animation: none;
      }
    }
  `;

  @property({ attribute: false }) turns: readonly Turn[] = [];
  @property({ attribute: false }) word: SpokenWord | null = null;
  /** The turn that is heard now. */
  @property() spoken: string | null = null;
  @property() name = "";
  /** She is there to be greeted. */
  @property({ type: Boolean }) hello = false;
  @property({ attribute: false }) say: Translate = translator("en");
  @property({ attribute: false }) sessions: readonly Session[] = [];
  @property() session: string | null = null;
  @property() language: string | undefined;
  private _atEnd = true;

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener("scroll", this._scrolled, { passive: true });
  }

  override updated(): void {
    if (this._atEnd) this.scrollTop = this.scrollHeight;
  }

  override render() {
    return html`${this.session ? this._sessions() : nothing}
      <ol aria-label=${this.say("chat", { name: this.name })}>
        ${
          this.turns.length
            ? repeat(
                this.turns,
                (turn) => turn.id,
                (turn) => this._turn(turn),
              )
            : html`<li class="empty">
                ${this.hello ? this.say("hello", { name: this.name }) : nothing}
              </li>`
        }
      </ol>`;
  }

  /** Offer the conversations of before, and a new one. */
  private _sessions() {
    const known = this.sessions.some(({ id }) => id === this.session);
    return html`<select aria-label=${this.say("conversations")} @change=${this._choose}>
      <option value="">${this.say("new_conversation")}</option>
      ${known ? nothing : html`<option value=${this.session!} selected>${this.say("this_conversation")}</option>`}
      ${this.sessions.map(
        ({ id, title, updated_ms }) =>
          html`<option value=${id} ?selected=${id === this.session}>
            ${title || this._time(updated_ms)}
          </option>`,
      )}
    </select>`;
  }

  private _choose(event: Event): void {
    const detail = (event.target as HTMLSelectElement).value || null;
    this.dispatchEvent(new CustomEvent("session", { detail }));
  }

  private readonly _scrolled = (): void => {
    this._atEnd = this.scrollHeight - this.scrollTop - this.clientHeight < NEAR_END_PX;
  };

  private _turn(turn: Turn) {
    const shown = displayOf(turn);
    const waits = turn.state !== "heard" && !shown;
    return html`<li>
      ${
        turn.heard
          ? html`<p class=${turn.heard_final ? "mine" : "mine partial"} dir="auto">
              ${turn.heard}
            </p>`
          : nothing
      }
      ${turn.question ? this._questionActs(turn, turn.question) : nothing}
      ${
        shown
          ? html`<p class="hers" dir="auto"><span>${this._marked(turn, shown)}</span></p>`
          : nothing
      }
      ${turn.answer ? this._answerActs(turn, turn.answer, shown) : nothing}
      ${waits ? this._waiting(turn) : nothing} ${this._ending(turn, shown)}
    </li>`;
  }

  private _questionActs(turn: Turn, question: StoredMessage) {
    return html`<div class="acts own">
      ${this._arrows(question)}
      <time datetime=${new Date(turn.at_ms).toISOString()}>${this._time(turn.at_ms)}</time>
      ${this._button("edit", editIcon, () => this._tell({ kind: "edit", turn }))}
    </div>`;
  }

  private _answerActs(turn: Turn, answer: StoredMessage, shown: string) {
    return html`<div class="acts">
      ${this._arrows(answer)} ${this._button("copy", copyIcon, () => void copy(shown))}
      ${this._button("regenerate", againIcon, () => this._tell({ kind: "regenerate", turn }))}
    </div>`;
  }

  /** Lead to what was said in the same place instead. */
  private _arrows({ id, alternatives }: StoredMessage) {
    if (alternatives.length < 2) return nothing;
    const at = alternatives.indexOf(id);
    const to = (place: number) => () =>
      this._tell({ kind: "walk", message_id: alternatives[place]! });
    return html`${this._button("back", backIcon, to(at - 1), at === 0)}
      <span>${at + 1}/${alternatives.length}</span>
      ${this._button("forth", forthIcon, to(at + 1), at === alternatives.length - 1)}`;
  }

  private _button(key: Key, sign: unknown, act: () => void, off = false) {
    const label = this.say(key);
    return html`<button aria-label=${label} title=${label} ?disabled=${off} @click=${act}>
      ${sign}
    </button>`;
  }

  private _tell(detail: ChatAct): void {
    this.dispatchEvent(new CustomEvent("act", { detail }));
  }

  /** Write a time as it is said in this language; the day only where it is not today. */
  private _time(at_ms: number): string {
    const at = new Date(at_ms);
    const today = at.toDateString() === new Date().toDateString();
    const day = today ? {} : ({ day: "numeric", month: "short" } as const);
    return at.toLocaleString(this.language, { ...day, hour: "numeric", minute: "2-digit" });
  }

  private _waiting(turn: Turn) {
    const label = this.say(turn.state === "listening" ? "listening" : "thinking");
    if (turn.state === "listening")
      return turn.heard ? nothing : html`<p class="quiet">${label}</p>`;
    return html`<p class="hers dots" aria-label=${label} role="img"><i></i><i></i><i></i></p>`;
  }

  /** Say how a turn ended, where it did not end well. */
  private _ending(turn: Turn, shown: string) {
    if (turn.error) return html`<p class="quiet error">${this._sentence(turn.error)}</p>`;
    if (turn.cancelled) {
      const key = shown && turn.cut_ms !== null ? "cut" : "cancelled";
      return html`<p class="quiet">${this.say(key)}</p>`;
    }
    if (turn.state === "heard" && !shown) return html`<p class="quiet">${this.say("no_reply")}</p>`;
    return nothing;
  }

  private _sentence(error: string): string {
    const key = `error_${error}`;
    return isKey(key) ? this.say(key) : this.say("error_unknown", { code: error });
  }

  /** Mark the spoken word in the shown text. */
  private _marked(turn: Turn, shown: string) {
    if (!this.word || turn.id !== this.spoken) return shown;
    const places = alignOffsets(shown, speechOf(turn));
    const start = places[this.word.offset];
    const last = places[this.word.offset + this.word.length - 1];
    if (start === undefined || last === undefined) return shown;
    const points = [...shown];
    const cut = (from: number, to?: number) => points.slice(from, to).join("");
    return html`${cut(0, start)}<mark>${cut(start, last + 1)}</mark>${cut(last + 1)}`;
  }
}

/** Copy a text; on plain http there is no clipboard, only the old way by a selection. */
async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const field = document.createElement("textarea");
    field.value = text;
    document.body.append(field);
    field.select();
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- the only way without https
    document.execCommand("copy");
    field.remove();
  }
}

define("waifu-rt3d-chat", Chat);
